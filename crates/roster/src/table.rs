//! One CSV file: any order and case of columns, extra columns, BOM, CRLF, UTF-8 or an office program's own charset.

use domain::roster::{Place, RowFault};
use std::collections::BTreeMap;

/// A file's rows.
pub(crate) struct Table {
    pub name: String,
    columns: BTreeMap<String, usize>,
    pub rows: Vec<Row>,
    /// Rows that are no CSV.
    pub faults: Vec<RowFault>,
    /// About the file as a whole.
    pub notes: Vec<String>,
}

/// A row and the line it begins at.
pub(crate) struct Row {
    pub line: u64,
    cells: csv::StringRecord,
}

impl Table {
    /// Reads a file.
    pub fn read(name: &str, bytes: &[u8]) -> Table {
        let mut notes = Vec::new();
        let mut text = decode(bytes, name, &mut notes);
        // UTF-16 without its mark reads so, and no database takes it.
        if text.contains('\0') {
            notes.push(format!("{name} has characters that are none (NUL); they were left out. Export as UTF-8."));
            text = text.replace('\0', "");
        }
        let head = text.lines().next().unwrap_or_default();
        let delimiter = [b',', b';', b'\t']
            .into_iter()
            .max_by_key(|mark| (head.bytes().filter(|byte| byte == mark).count(), *mark == b','))
            .unwrap_or(b',');
        if delimiter != b',' {
            notes.push(format!("{name}: columns are divided by {:?}, not by commas; read so.", char::from(delimiter)));
        }
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let mut columns = BTreeMap::new();
        if let Ok(headers) = reader.headers() {
            for (index, header) in headers.iter().enumerate() {
                columns.entry(header.to_lowercase()).or_insert(index);
            }
        }
        let (mut rows, mut faults) = (Vec::new(), Vec::new());
        for record in reader.records() {
            match record {
                Ok(cells) => {
                    let line = cells.position().map_or(0, csv::Position::line);
                    if cells.iter().any(|cell| !cell.is_empty()) {
                        rows.push(Row { line, cells });
                    }
                }
                Err(fault) => faults.push(RowFault {
                    file: name.to_owned(),
                    line: fault.position().map_or(0, csv::Position::line),
                    column: String::new(),
                    source: None,
                    what: "This line is no CSV.".into(),
                    what_to_do: "Look for a quotation mark that is not closed, and export again.".into(),
                }),
            }
        }
        Table { name: name.to_owned(), columns, rows, faults, notes }
    }

    /// Whether the file has this column.
    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(&column.to_lowercase())
    }

    /// Every column's header, in lower case.
    pub fn headers(&self) -> impl Iterator<Item = &str> {
        self.columns.keys().map(String::as_str)
    }

    /// A cell; empty where the row or the file has none.
    pub fn cell<'a>(&self, row: &'a Row, column: &str) -> &'a str {
        self.columns.get(&column.to_lowercase()).and_then(|index| row.cells.get(*index)).unwrap_or_default()
    }

    /// A list in a cell.
    pub fn list(&self, row: &Row, column: &str) -> Vec<String> {
        let marks = [',', ';'];
        self.cell(row, column).split(marks).map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
    }

    /// Where a row stands.
    pub fn place(&self, row: &Row) -> Place {
        Place { file: self.name.clone(), line: row.line }
    }

    /// A fault of a row.
    pub fn fault(&self, row: &Row, column: &str, what: impl Into<String>, what_to_do: impl Into<String>) -> RowFault {
        let source = self.cell(row, "sourcedId");
        RowFault {
            file: self.name.clone(),
            line: row.line,
            column: column.to_owned(),
            source: (!source.is_empty()).then(|| source.to_owned()),
            what: what.into(),
            what_to_do: what_to_do.into(),
        }
    }
}

fn decode(bytes: &[u8], name: &str, notes: &mut Vec<String>) -> String {
    // A BOM is taken off, and says UTF-16 where it is one.
    if let Some((encoding, length)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            notes.push(format!("{name} is not UTF-8; read as windows-1252. If names look wrong in the report, export as UTF-8."));
            encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned()
        }
    }
}
