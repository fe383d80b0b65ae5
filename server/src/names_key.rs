//! The key by which names stay their owners' over a restart: kept in the data folder, if there is one.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::private_file;

const FILE: &str = "names.key";

/// Reads the key from the folder, or makes one.
///
/// # Errors
/// If the folder can't be written or read. A file of another length is replaced: all that is lost is that
/// after this restart a name is whose who comes first.
pub(crate) fn load(folder: &Path) -> Result<[u8; 32]> {
    let path = folder.join(FILE);
    if let Ok(bytes) = fs::read(&path)
        && let Ok(key) = bytes.try_into()
    {
        return Ok(key);
    }
    let mut key = [0; 32];
    rand::TryRngCore::try_fill_bytes(&mut rand::rngs::OsRng, &mut key).context("no randomness")?;
    let write = || private_file::make_folder(folder).and_then(|()| private_file::write(&path, &key));
    write().with_context(|| format!("cannot write {}", path.display()))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_key_is_made_once_and_for_nobody_else() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("tincan");
        let key = load(&folder).unwrap();
        assert_eq!(load(&folder).unwrap(), key);
        assert_eq!(fs::metadata(folder.join(FILE)).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(folder.join(FILE), "short").unwrap();
        assert_ne!(load(&folder).unwrap(), key);
    }
}
