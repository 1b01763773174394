//! The GSM 7-bit default alphabet with its extension (TS 23.038 sections 6.2.1 and 6.2.1.1), and what Turkish, Spanish and
//! Portuguese change in them (annexes A.2.1–A.2.3, A.3.1, A.3.3). Both transcriptions agree here in every code.

use super::table::{BLANK, Table, marks, with};

const LETTERS: [u16; 128] = marks(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTRA: [u16; 128] = with(
    [BLANK; 128],
    &[
        (0x0A, '\u{c}'),
        (0x14, '^'),
        (0x28, '{'),
        (0x29, '}'),
        (0x2F, '\\'),
        (0x3C, '['),
        (0x3D, '~'),
        (0x3E, ']'),
        (0x40, '|'),
        (0x65, '€'),
    ],
);

pub(super) static DEFAULT: Table = Table::new(LETTERS, &[]);
pub(super) static EXTENSION: Table = Table::new(EXTRA, &[]);

/// Septets of a character below U+0100 in the default alphabet; 0: it is not in it.
static COST: [u8; 256] = {
    let mut costs = [0; 256];
    let mut point: usize = 0;
    while point < 256 {
        let mark = point as u8 as char;
        costs[point] = if DEFAULT.code(mark).is_some() {
            1
        } else if EXTENSION.code(mark).is_some() {
            2
        } else {
            0
        };
        point += 1;
    }
    costs
};

/// Septets a character takes in the default alphabet: 1, 2 (escape and extension), or 0 outside it.
#[inline]
pub(super) fn septets(mark: char) -> u32 {
    match mark as usize {
        low @ 0..0x100 => u32::from(COST[low]),
        _ if mark == '€' => 2,
        _ => u32::from(DEFAULT.code(mark).is_some()),
    }
}

pub(super) static TURKISH: Table = Table::new(
    with(LETTERS, &[(0x04, '€'), (0x07, 'ı'), (0x0B, 'Ğ'), (0x0C, 'ğ'), (0x1C, 'Ş'), (0x1D, 'ş'), (0x40, 'İ'), (0x60, 'ç')]),
    &[],
);
pub(super) static TURKISH_SINGLE: Table =
    Table::new(with(EXTRA, &[(0x47, 'Ğ'), (0x49, 'İ'), (0x53, 'Ş'), (0x63, 'ç'), (0x67, 'ğ'), (0x69, 'ı'), (0x73, 'ş')]), &[]);

/// Spanish has no locking table. Its vowels with an acute accent stand at the codes of the plain letters.
pub(super) static SPANISH_SINGLE: Table = Table::new(
    with(EXTRA, &[(0x09, 'ç'), (0x41, 'Á'), (0x49, 'Í'), (0x4F, 'Ó'), (0x55, 'Ú'), (0x61, 'á'), (0x69, 'í'), (0x6F, 'ó'), (0x75, 'ú')]),
    &[],
);

pub(super) static PORTUGUESE: Table = Table::new(
    marks(
        "@£$¥êéúíóç\nÔô\rÁáΔ_ªÇÀ∞^\\€Ó|\x1bÂâÊÉ !\"#º%&'()*+,-./0123456789:;<=>?ÍABCDEFGHIJKLMNOPQRSTUVWXYZÃÕÚÜ§~abcdefghijklmnopqrstuvwxyzãõ`üà",
    ),
    &[],
);
pub(super) static PORTUGUESE_SINGLE: Table = Table::new(
    with(
        EXTRA,
        &[
            (0x05, 'ê'),
            (0x09, 'ç'),
            (0x0B, 'Ô'),
            (0x0C, 'ô'),
            (0x0E, 'Á'),
            (0x0F, 'á'),
            (0x12, 'Φ'),
            (0x13, 'Γ'),
            (0x15, 'Ω'),
            (0x16, 'Π'),
            (0x17, 'Ψ'),
            (0x18, 'Σ'),
            (0x19, 'Θ'),
            (0x1F, 'Ê'),
            (0x41, 'À'),
            (0x49, 'Í'),
            (0x4F, 'Ó'),
            (0x55, 'Ú'),
            (0x5B, 'Ã'),
            (0x5C, 'Õ'),
            (0x61, 'Â'),
            (0x69, 'í'),
            (0x6F, 'ó'),
            (0x75, 'ú'),
            (0x7B, 'ã'),
            (0x7C, 'õ'),
            (0x7F, 'â'),
        ],
    ),
    &[],
);
