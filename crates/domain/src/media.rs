//! What families send besides words: pictures, papers, spoken messages. What something is, its first bytes say, never the header it came
//! with: a page or a drawing that runs code is no picture, whatever it calls itself.

use crate::people::coded;

coded! {
    /// What the bytes are.
    MediaKind {
        /// Something else: kept, and handed out as a file only.
        Other = 0 "file",
        /// JPEG.
        Jpeg = 1 "jpeg",
        /// PNG.
        Png = 2 "png",
        /// GIF.
        Gif = 3 "gif",
        /// WebP.
        Webp = 4 "webp",
        /// HEIC, which few browsers show.
        Heic = 5 "heic",
        /// PDF.
        Pdf = 6 "pdf",
        /// 3GP, as phones record.
        ThreeGp = 7 "3gp",
        /// AMR.
        Amr = 8 "amr",
        /// MP3.
        Mp3 = 9 "mp3",
        /// Ogg.
        Ogg = 10 "ogg",
        /// M4A.
        M4a = 11 "m4a",
        /// WAV.
        Wav = 12 "wav",
        /// MP4.
        Mp4 = 13 "mp4",
    }
}

impl MediaKind {
    /// Reads the first bytes.
    pub fn sniff(bytes: &[u8]) -> MediaKind {
        let at = |from: usize, mark: &[u8]| bytes.get(from..).is_some_and(|rest| rest.starts_with(mark));
        // A box of the ISO base format names its brand in its second word.
        let brand = if at(4, b"ftyp") { bytes.get(8..12).unwrap_or_default() } else { &[] };
        match brand {
            b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1" => return MediaKind::Heic,
            b"M4A " | b"M4B " => return MediaKind::M4a,
            brand if brand.starts_with(b"3g") => return MediaKind::ThreeGp,
            b"isom" | b"iso2" | b"mp41" | b"mp42" | b"avc1" | b"MSNV" | b"M4V " | b"dash" => return MediaKind::Mp4,
            _ => {}
        }
        // MPEG audio: eleven bits of ones, layer III, a bit rate and a sampling rate that exist.
        let frame = matches!(bytes, [0xff, second, third, ..] if second & 0xe6 == 0xe2 && third >> 4 != 15 && third & 0x0c != 0x0c);
        match () {
            () if at(0, b"\xff\xd8\xff") => MediaKind::Jpeg,
            () if at(0, b"\x89PNG\r\n\x1a\n") => MediaKind::Png,
            () if at(0, b"GIF87a") || at(0, b"GIF89a") => MediaKind::Gif,
            () if at(0, b"RIFF") && at(8, b"WEBP") => MediaKind::Webp,
            () if at(0, b"RIFF") && at(8, b"WAVE") => MediaKind::Wav,
            () if at(0, b"%PDF-") => MediaKind::Pdf,
            () if at(0, b"#!AMR\n") || at(0, b"#!AMR-WB\n") => MediaKind::Amr,
            () if at(0, b"OggS") => MediaKind::Ogg,
            () if at(0, b"ID3") || frame => MediaKind::Mp3,
            () => MediaKind::Other,
        }
    }

    /// As a browser is told.
    pub fn media_type(self) -> &'static str {
        match self {
            MediaKind::Other => "application/octet-stream",
            MediaKind::Jpeg => "image/jpeg",
            MediaKind::Png => "image/png",
            MediaKind::Gif => "image/gif",
            MediaKind::Webp => "image/webp",
            MediaKind::Heic => "image/heic",
            MediaKind::Pdf => "application/pdf",
            MediaKind::ThreeGp => "video/3gpp",
            MediaKind::Amr => "audio/amr",
            MediaKind::Mp3 => "audio/mpeg",
            MediaKind::Ogg => "audio/ogg",
            MediaKind::M4a => "audio/mp4",
            MediaKind::Wav => "audio/wav",
            MediaKind::Mp4 => "video/mp4",
        }
    }

    /// How a file of it is named.
    pub fn ending(self) -> &'static str {
        match self {
            MediaKind::Other => "bin",
            MediaKind::Jpeg => "jpg",
            kind => kind.as_str(),
        }
    }

    /// Whether a page may show it as a picture.
    pub fn is_picture(self) -> bool {
        matches!(self, MediaKind::Jpeg | MediaKind::Png | MediaKind::Gif | MediaKind::Webp)
    }

    /// Whether a page may play it.
    pub fn plays(self) -> bool {
        matches!(self, MediaKind::Mp3 | MediaKind::Ogg | MediaKind::M4a | MediaKind::Wav | MediaKind::Mp4 | MediaKind::ThreeGp)
    }

    /// Whether somebody may speak in it: words that nobody can read.
    pub fn may_speak(self) -> bool {
        self.plays() || self == MediaKind::Amr
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_say_what_it_is_and_a_page_or_a_drawing_is_no_picture() {
        let kinds: &[(&[u8], MediaKind)] = &[
            (b"\xff\xd8\xff\xe0\0\x10JFIF", MediaKind::Jpeg),
            (b"\x89PNG\r\n\x1a\n\0", MediaKind::Png),
            (b"GIF89a\x01", MediaKind::Gif),
            (b"RIFF\x24\0\0\0WEBPVP8 ", MediaKind::Webp),
            (b"RIFF\x24\0\0\0WAVEfmt ", MediaKind::Wav),
            (b"\0\0\0\x18ftypheic\0\0", MediaKind::Heic),
            (b"%PDF-1.7\n", MediaKind::Pdf),
            (b"\0\0\0\x14ftyp3gp4\0\0", MediaKind::ThreeGp),
            (b"#!AMR\n\x3c", MediaKind::Amr),
            (b"ID3\x04\0", MediaKind::Mp3),
            (b"\xff\xfb\x90\x64", MediaKind::Mp3),
            (b"OggS\0\x02", MediaKind::Ogg),
            (b"\0\0\0\x1cftypM4A \0\0", MediaKind::M4a),
            (b"\0\0\0\x18ftypmp42\0\0", MediaKind::Mp4),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>", MediaKind::Other),
            (b"<!doctype html><script>", MediaKind::Other),
            (b"\xff\xfe<\0h\0t\0m\0l\0", MediaKind::Other),
            (b"MZ\x90\0", MediaKind::Other),
            (b"", MediaKind::Other),
            (b"\xff", MediaKind::Other),
            (b"RIFF", MediaKind::Other),
        ];
        for (bytes, kind) in kinds {
            assert_eq!(MediaKind::sniff(bytes), *kind, "{bytes:?}");
        }
        assert!(!MediaKind::Other.is_picture() && !MediaKind::Pdf.is_picture() && !MediaKind::Heic.is_picture());
    }
}
