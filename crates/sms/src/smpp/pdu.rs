//! PDUs as bytes: the header, what we write, and a reader for what comes in that never fails.
//!
//! Reading is lenient on purpose. A center repeats what is not acknowledged, so one PDU that ended the link would end it again
//! after each reconnection, and no family's text would come in any more. A field that is missing is empty, a string without its
//! NUL ends with the PDU, an unknown option is passed over.
//!
//! Source: SMPP 3.4 issue 1.2, sections 3.2 (header), 4 (bodies), 5.1.2.1 (command ids), 5.3.2 (optional parameters).

/// Command ids. An answer's is its request's with [`ANSWER`].
pub(super) mod command {
    pub const ANSWER: u32 = 0x8000_0000;
    pub const GENERIC_NACK: u32 = 0x8000_0000;
    pub const BIND_RECEIVER: u32 = 0x01;
    pub const BIND_TRANSMITTER: u32 = 0x02;
    pub const SUBMIT_SM: u32 = 0x04;
    pub const DELIVER_SM: u32 = 0x05;
    pub const UNBIND: u32 = 0x06;
    pub const BIND_TRANSCEIVER: u32 = 0x09;
    pub const OUTBIND: u32 = 0x0b;
    pub const ENQUIRE_LINK: u32 = 0x15;
    pub const ALERT_NOTIFICATION: u32 = 0x102;
    pub const DATA_SM: u32 = 0x103;
}

/// Tags of optional parameters.
pub(super) mod tag {
    pub const RECEIPTED_MESSAGE_ID: u16 = 0x001e;
    pub const SAR_REFERENCE: u16 = 0x020c;
    pub const SAR_TOTAL: u16 = 0x020e;
    pub const SAR_NUMBER: u16 = 0x020f;
    pub const NETWORK_ERROR_CODE: u16 = 0x0423;
    pub const MESSAGE_PAYLOAD: u16 = 0x0424;
    pub const MESSAGE_STATE: u16 = 0x0427;
}

/// The header's octets, its length among them.
pub(super) const HEADER: usize = 16;
/// No honest PDU is longer: a payload has 64 KiB at most.
pub(super) const LONGEST: usize = 80 * 1024;

/// A PDU that came in.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Frame {
    pub command: u32,
    pub status: u32,
    pub sequence: u32,
    pub body: Vec<u8>,
}

/// The header: the body's length, and a frame without its body. `None`: a length that cannot be, so that nobody knows where the
/// next PDU begins.
pub(super) fn header(octets: [u8; HEADER]) -> Option<(usize, Frame)> {
    let mut fields = Fields(&octets);
    let length = fields.long() as usize;
    let frame = Frame { command: fields.long(), status: fields.long(), sequence: fields.long(), body: Vec::new() };
    (HEADER..=LONGEST).contains(&length).then(|| (length - HEADER, frame))
}

/// A whole PDU.
pub(super) fn write(command: u32, status: u32, sequence: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(HEADER + body.len()).unwrap_or(u32::MAX);
    let mut octets = Vec::with_capacity(HEADER + body.len());
    for word in [length, command, status, sequence] {
        octets.extend(word.to_be_bytes());
    }
    octets.extend(body);
    octets
}

/// A body in the making.
#[derive(Default)]
pub(super) struct Body(pub Vec<u8>);

impl Body {
    /// A C-octet string: what the field cannot hold (NUL, control characters) is left out.
    pub fn string(mut self, text: &str) -> Self {
        self.0.extend(text.bytes().filter(|byte| !byte.is_ascii_control()));
        self.0.push(0);
        self
    }
    pub fn octets(mut self, octets: &[u8]) -> Self {
        self.0.extend(octets);
        self
    }
    pub fn option(self, tag: u16, value: &[u8]) -> Self {
        let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
        self.octets(&tag.to_be_bytes()).octets(&length.to_be_bytes()).octets(&value[..usize::from(length)])
    }
}

/// A body being read.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub &'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }
    fn octet(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or(0)
    }
    fn long(&mut self) -> u32 {
        self.take(4).iter().fold(0, |sum, octet| sum << 8 | u32::from(*octet))
    }
    fn short(&mut self) -> u16 {
        self.take(2).iter().fold(0, |sum, octet| sum << 8 | u16::from(*octet))
    }
    /// A C-octet string; what is no UTF-8 in it is replaced.
    pub fn string(&mut self) -> String {
        let length = self.0.iter().position(|octet| *octet == 0).unwrap_or(self.0.len());
        let text = String::from_utf8_lossy(self.take(length)).into_owned();
        self.octet();
        text
    }
    /// The optional parameters that are left; the last as far as it goes.
    fn options(mut self) -> Vec<(u16, Vec<u8>)> {
        let mut all = Vec::new();
        while self.0.len() >= 4 {
            let (tag, length) = (self.short(), self.short());
            all.push((tag, self.take(usize::from(length)).to_vec()));
        }
        all
    }
}

/// A phone's number as a center gives it.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Number {
    /// Type of number: 1 international, 2 national, 5 letters.
    pub ton: u8,
    pub npi: u8,
    pub digits: String,
}

impl Number {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self { ton: fields.octet(), npi: fields.octet(), digits: fields.string() }
    }
}

/// What a center delivers: a text or a receipt.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Delivered {
    pub from: Number,
    pub to: Number,
    pub esm_class: u8,
    pub data_coding: u8,
    /// The short message, or the payload where there is one.
    pub octets: Vec<u8>,
    pub options: Vec<(u16, Vec<u8>)>,
}

impl Delivered {
    /// Reads `deliver_sm` (SMPP 3.4 section 4.6.1).
    pub fn deliver_sm(body: &[u8]) -> Self {
        let mut fields = Fields(body);
        fields.string();
        let (from, to) = (Number::read(&mut fields), Number::read(&mut fields));
        let esm_class = fields.octet();
        fields.take(2);
        fields.string();
        fields.string();
        fields.take(2);
        let data_coding = fields.octet();
        fields.octet();
        let length = usize::from(fields.octet());
        let octets = fields.take(length).to_vec();
        Self { from, to, esm_class, data_coding, octets, options: fields.options() }.paid()
    }

    /// Reads `data_sm` (section 4.7.1): its text is always a payload.
    pub fn data_sm(body: &[u8]) -> Self {
        let mut fields = Fields(body);
        fields.string();
        let (from, to) = (Number::read(&mut fields), Number::read(&mut fields));
        let esm_class = fields.octet();
        fields.octet();
        let data_coding = fields.octet();
        Self { from, to, esm_class, data_coding, octets: Vec::new(), options: fields.options() }.paid()
    }

    fn paid(mut self) -> Self {
        if let Some(payload) = self.option(tag::MESSAGE_PAYLOAD).filter(|payload| !payload.is_empty()) {
            self.octets = payload.to_vec();
        }
        self
    }

    /// The first optional parameter of this tag.
    pub fn option(&self, tag: u16) -> Option<&[u8]> {
        self.options.iter().find(|(one, _)| *one == tag).map(|(_, value)| value.as_slice())
    }

    /// A number among the optional parameters; one of a strange length is read all the same.
    pub fn number(&self, tag: u16) -> Option<u16> {
        self.option(tag).filter(|value| !value.is_empty()).map(|value| Fields(&value[value.len().saturating_sub(2)..]).short_or_octet())
    }
}

impl Fields<'_> {
    fn short_or_octet(mut self) -> u16 {
        if self.0.len() == 1 { u16::from(self.octet()) } else { self.short() }
    }
}
