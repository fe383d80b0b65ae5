//! How settings are kept: as one JSON object, with a value for each.
//!
//! Each is read by itself, so one that can't be read costs no other. A derive on the structs would make the
//! first load 2.6 kB larger in brotli than this.

use std::fmt;

use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// One setting, in its place.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Kept<'a> {
    Switch(&'a mut bool),
    Choice(&'a mut Option<String>),
    Text(&'a mut String),
}

/// Reads into `fields` what `text` has of them. The others stay as they are.
pub(super) fn read(text: &str, fields: &mut [(&'static str, Kept<'_>)]) {
    // Behind what isn't JSON there is nothing to be read.
    let _ = serde_json::Deserializer::from_str(text).deserialize_map(Fields(fields));
}

/// Returns the JSON of `fields`.
pub(super) fn write<const FIELDS: usize>(fields: [(&'static str, Kept<'_>); FIELDS]) -> String {
    let mut json = Vec::new();
    // Every name is a string, and a vector takes everything.
    let _ = serde_json::Serializer::new(&mut json).collect_map(fields);
    String::from_utf8(json).unwrap_or_default()
}

struct Fields<'a, 'b>(&'a mut [(&'static str, Kept<'b>)]);

impl<'de> Visitor<'de> for Fields<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
            match self.0.iter_mut().find(|(known, _)| *known == name) {
                Some((_, Kept::Switch(on))) => set(*on, value),
                Some((_, Kept::Choice(choice))) => set(*choice, value),
                Some((_, Kept::Text(text))) => set(*text, value),
                None => {}
            }
        }
        Ok(())
    }
}

fn set<T: DeserializeOwned>(field: &mut T, value: &RawValue) {
    if let Ok(value) = serde_json::from_str(value.get()) {
        *field = value;
    }
}
