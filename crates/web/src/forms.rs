//! Small readers of form fields.

use crate::page::Fault;
use std::collections::BTreeMap;

/// A form's fields; of repeated ones the last.
pub(crate) type Fields = BTreeMap<String, String>;

/// A field, trimmed; empty if absent.
pub(crate) fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).map_or("", |value| value.trim())
}

/// An id in a path.
pub(crate) fn id<T: From<i64>>(text: &str) -> Result<T, Fault> {
    text.parse::<i64>().map(T::from).map_err(|_| Fault::Absent)
}
