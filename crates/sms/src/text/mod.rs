//! The text codec: how a text is measured, cut into parts, brought into bytes and read back.
//!
//! Must never know a company or a language's words. Everything here is pure, and total for any text and any bytes.
//!
//! Sources: 3GPP TS 23.038 (alphabets, national language tables of annex A) and TS 23.040 section 9.2.3.24 (the header before a
//! joined part). The national tables follow two public transcriptions of annex A that were compared by a program: `gsmcodecs`
//! on PyPI (of version 18.0.0) and oFono's `src/util.c` (of version 8.2.0). Where these two differ, Android's
//! `GsmAlphabet.java` and the rest of the table decided; `latin` and `indic` say where.

mod coding;
mod cut;
mod decode;
mod economy;
mod encode;
mod header;
mod indic;
mod language;
mod latin;
mod measure;
mod number;
mod segments;
mod table;

#[cfg(test)]
mod tests;

pub use coding::{Coding, Languages, Link, Shift, Shifts, Width};
pub use decode::{Form, Received, read};
pub use economy::economy;
pub use encode::{Packing, UserData};
pub use header::Join;
pub use language::Language;
pub use number::{Limit, Numbered, numbered};
pub use segments::{Codec, Segments, Split, segments, segments_over, split};
