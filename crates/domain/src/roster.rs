//! The draft of people out of files.
