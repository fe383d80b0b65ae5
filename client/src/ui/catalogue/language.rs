//! The page's languages, and which one a user gets.

use super::{Catalogue, FirstCatalogue, en, zh_hans, zh_hant};

static ENGLISH_FIRST: FirstCatalogue = FirstCatalogue::checked(&en::FIRST, &());
static SIMPLIFIED_CHINESE_FIRST: FirstCatalogue = FirstCatalogue::checked(&zh_hans::FIRST, &());
static TRADITIONAL_CHINESE_FIRST: FirstCatalogue = FirstCatalogue::checked(&zh_hant::FIRST, &());

static ENGLISH: Catalogue = Catalogue::checked(&en::LATER, &ENGLISH_FIRST);
static SIMPLIFIED_CHINESE: Catalogue = Catalogue::checked(&zh_hans::LATER, &SIMPLIFIED_CHINESE_FIRST);
static TRADITIONAL_CHINESE: Catalogue = Catalogue::checked(&zh_hant::LATER, &TRADITIONAL_CHINESE_FIRST);

/// A language that the page speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// English.
    English,
    /// 简体中文.
    SimplifiedChinese,
    /// 繁體中文, as it is written in Taiwan.
    TraditionalChinese,
}

impl Language {
    /// In the order in which they are offered.
    pub(crate) const ALL: [Language; 3] =
        [Language::English, Language::SimplifiedChinese, Language::TraditionalChinese];

    /// Its tag (BCP 47), for `<html lang>` and for remembering the choice.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::SimplifiedChinese => "zh-Hans",
            Language::TraditionalChinese => "zh-Hant",
        }
    }

    /// What its speakers call it.
    pub(crate) fn own_name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::SimplifiedChinese => "简体中文",
            Language::TraditionalChinese => "繁體中文",
        }
    }

    /// What the first load may show.
    pub(crate) fn first_catalogue(self) -> &'static FirstCatalogue {
        match self {
            Language::English => &ENGLISH_FIRST,
            Language::SimplifiedChinese => &SIMPLIFIED_CHINESE_FIRST,
            Language::TraditionalChinese => &TRADITIONAL_CHINESE_FIRST,
        }
    }

    /// All its texts. What is in the first load must not call this: it would have them all.
    pub(crate) fn catalogue(self) -> &'static Catalogue {
        match self {
            Language::English => &ENGLISH,
            Language::SimplifiedChinese => &SIMPLIFIED_CHINESE,
            Language::TraditionalChinese => &TRADITIONAL_CHINESE,
        }
    }

    /// The language whose [`Language::tag`] this is.
    pub(crate) fn from_tag(tag: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The language that a reader of `tag` (BCP 47, as browsers write them) would want, if it is one of ours.
    pub(crate) fn matching(tag: &str) -> Option<Language> {
        let tag = tag.to_ascii_lowercase();
        let mut subtags = tag.split(['-', '_']);
        let primary = subtags.next()?;
        let rest: Vec<&str> = subtags.collect();
        let has = |subtag: &str| rest.contains(&subtag);
        match primary {
            "en" => Some(Language::English),
            // A script says more than a region: zh-Hans-HK is read in simplified characters.
            "zh" | "cmn" | "yue" if has("hans") => Some(Language::SimplifiedChinese),
            "zh" | "cmn" if has("hant") || has("tw") || has("hk") || has("mo") => {
                Some(Language::TraditionalChinese)
            }
            "yue" => Some(Language::TraditionalChinese),
            "zh" | "cmn" => Some(Language::SimplifiedChinese),
            _ => None,
        }
    }

    /// The first of `preferred` that the page speaks, else English.
    pub(crate) fn best(preferred: &[String]) -> Language {
        preferred.iter().find_map(|tag| Language::matching(tag)).unwrap_or(Language::English)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_s_first_language_that_we_speak_wins() {
        for (preferred, language) in [
            (&["en-GB", "zh-CN"][..], Language::English),
            (&["zh-CN", "en"], Language::SimplifiedChinese),
            (&["zh"], Language::SimplifiedChinese),
            (&["zh-SG"], Language::SimplifiedChinese),
            (&["zh-TW"], Language::TraditionalChinese),
            (&["zh_HK"], Language::TraditionalChinese),
            (&["zh-Hant"], Language::TraditionalChinese),
            (&["zh-Hans-HK"], Language::SimplifiedChinese),
            (&["yue-HK"], Language::TraditionalChinese),
            (&["de-DE", "zh-TW", "en"], Language::TraditionalChinese),
            (&["de-DE"], Language::English),
            (&[], Language::English),
        ] {
            let preferred: Vec<String> = preferred.iter().map(|tag| tag.to_string()).collect();
            assert_eq!(Language::best(&preferred), language, "{preferred:?}");
        }
    }

    #[test]
    fn a_remembered_tag_is_found_again() {
        for language in Language::ALL {
            assert_eq!(Language::from_tag(language.tag()), Some(language));
        }
        assert_eq!(Language::from_tag("tlh"), None);
    }
}
