//! The folder of received files, in the origin private file system (File System Standard, section 3).

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemSyncAccessHandle, StorageEstimate, StorageManager,
};

use crate::failure::Failure;
use crate::post::scope;
use crate::protocol::FOLDER;

/// How long a file is kept that nobody has touched, in milliseconds.
const KEPT_MS: f64 = 24.0 * 60.0 * 60.0 * 1000.0;

pub(crate) struct Folder(FileSystemDirectoryHandle);

impl Folder {
    /// Opens the folder, and creates it if there is none.
    pub(crate) async fn open() -> Result<Folder, Failure> {
        let root: FileSystemDirectoryHandle = JsFuture::from(manager()?.get_directory()).await?.dyn_into()?;
        let options = FileSystemGetDirectoryOptions::new();
        options.set_create(true);
        let folder = root.get_directory_handle_with_options(FOLDER, &options);
        Ok(Folder(JsFuture::from(folder).await?.dyn_into()?))
    }

    /// Opens the file of this id for this tab alone, and creates it if there is none.
    ///
    /// # Errors
    ///
    /// Fails if another tab has it open.
    pub(crate) async fn file(&self, id: &str) -> Result<FileSystemSyncAccessHandle, Failure> {
        let options = FileSystemGetFileOptions::new();
        options.set_create(true);
        let handle = JsFuture::from(self.0.get_file_handle_with_options(checked(id)?, &options)).await?;
        let handle: FileSystemFileHandle = handle.dyn_into()?;
        Ok(JsFuture::from(handle.create_sync_access_handle()).await?.dyn_into()?)
    }

    /// Removes the file of this id.
    ///
    /// # Errors
    ///
    /// Fails if another tab has it open.
    pub(crate) async fn remove(&self, id: &str) -> Result<(), Failure> {
        JsFuture::from(self.0.remove_entry(checked(id)?)).await?;
        Ok(())
    }

    /// Removes the files that nobody has touched for long, except those that another tab has open.
    pub(crate) async fn sweep(&self) -> Result<(), Failure> {
        let now = js_sys::Date::now();
        for name in self.names().await? {
            if self.get(&name).await.is_ok_and(|file| now - file.last_modified() > KEPT_MS) {
                let _ = JsFuture::from(self.0.remove_entry(&name)).await;
            }
        }
        Ok(())
    }

    /// Returns every name in the folder. All are read before any is removed, which would confuse the
    /// iterator.
    async fn names(&self) -> Result<Vec<String>, Failure> {
        let mut names = Vec::new();
        let keys = self.0.keys();
        loop {
            let next: js_sys::IteratorNext = JsFuture::from(keys.next()?).await?.unchecked_into();
            if next.done() {
                return Ok(names);
            }
            names.extend(next.value().as_string());
        }
    }

    async fn get(&self, name: &str) -> Result<File, Failure> {
        let handle: FileSystemFileHandle = JsFuture::from(self.0.get_file_handle(name)).await?.dyn_into()?;
        Ok(JsFuture::from(handle.get_file()).await?.dyn_into()?)
    }
}

/// Fails if the browser says that so many more bytes don't fit. It needn't be exact: a write fails, too.
pub(crate) async fn make_sure_of_room(bytes: u64) -> Result<(), Failure> {
    let estimate = JsFuture::from(manager()?.estimate()?).await?;
    let estimate: StorageEstimate = estimate.unchecked_into();
    match (estimate.get_quota(), estimate.get_usage()) {
        (Some(quota), Some(usage)) if usage + bytes as f64 > quota => Err(Failure::Full),
        _ => Ok(()),
    }
}

/// Returns the browser's storage.
///
/// # Errors
///
/// Fails on a page that came unencrypted, and in an old browser that keeps no files.
fn manager() -> Result<StorageManager, Failure> {
    let manager = Reflect::get(&scope().navigator(), &"storage".into())?;
    if !Reflect::has(&manager, &"getDirectory".into())? {
        return Err(Failure::Storage);
    }
    Ok(manager.unchecked_into())
}

/// Checks that an id is a file name without a meaning to any file system.
fn checked(id: &str) -> Result<&str, Failure> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if (1..=64).contains(&id.len()) && id.bytes().all(allowed) { Ok(id) } else { Err(Failure::Storage) }
}
