//! The files of a roster, out of a folder or a ZIP, with limits before anything is unpacked.

use std::collections::BTreeMap;
use std::io::{Read, Seek};
use std::path::Path;

/// Bytes of all files together; a district of 100,000 students has about 60 MB.
const MOST: u64 = 512 * 1024 * 1024;

/// File name in lower case → bytes.
#[derive(Default)]
pub struct Files(pub(crate) BTreeMap<String, Vec<u8>>);

/// Why there are no files.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The path cannot be read.
    #[error("cannot read the roster: {0}")]
    Io(#[from] std::io::Error),
    /// No ZIP, or a damaged one.
    #[error("this is no ZIP file that can be read: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// A bomb, or not a roster.
    #[error("the roster's files are larger than 512 MB: is this the right file?")]
    TooLarge,
    /// Nothing in it.
    #[error("there is no CSV file in it; a OneRoster export holds orgs.csv, users.csv, classes.csv and enrollments.csv")]
    Nothing,
}

impl Files {
    /// Reads the `.csv` files of a folder, or of a ZIP at any depth.
    pub fn open(path: &Path) -> Result<Files, Fault> {
        if !path.is_dir() {
            return Files::unpacked(std::fs::File::open(path)?);
        }
        let files = folder(path)?;
        if files.is_empty() { Err(Fault::Nothing) } else { Ok(Files(files)) }
    }

    /// From memory: (name, text).
    pub fn of(files: &[(&str, impl AsRef<[u8]>)]) -> Files {
        Files(files.iter().map(|(name, text)| ((*name).to_owned(), text.as_ref().to_vec())).collect())
    }

    /// The `.csv` files of a ZIP at any depth, wherever its bytes are.
    pub fn unpacked(zip: impl Read + Seek) -> Result<Files, Fault> {
        let files = archive(zip)?;
        if files.is_empty() { Err(Fault::Nothing) } else { Ok(Files(files)) }
    }
}

fn folder(path: &Path) -> Result<BTreeMap<String, Vec<u8>>, Fault> {
    let mut files = BTreeMap::new();
    let mut left = MOST;
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_lowercase();
        if name.ends_with(".csv") {
            left = left.checked_sub(entry.metadata()?.len()).ok_or(Fault::TooLarge)?;
            files.insert(name, std::fs::read(entry.path())?);
        }
    }
    Ok(files)
}

fn archive(zip: impl Read + Seek) -> Result<BTreeMap<String, Vec<u8>>, Fault> {
    let mut archive = zip::ZipArchive::new(zip)?;
    let mut files = BTreeMap::new();
    let mut left = MOST;
    for index in 0..archive.len() {
        let entry = archive.by_index(index)?;
        let inner = entry.name().to_lowercase();
        let name = inner.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        // What macOS adds beside each file.
        if !name.ends_with(".csv") || inner.starts_with("__macosx") || name.starts_with("._") {
            continue;
        }
        // The size in the header may lie: what is read is what counts.
        let mut bytes = Vec::new();
        entry.take(left + 1).read_to_end(&mut bytes)?;
        left = left.checked_sub(bytes.len() as u64).ok_or(Fault::TooLarge)?;
        files.insert(name, bytes);
    }
    Ok(files)
}
