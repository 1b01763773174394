//! Between Homeword and its database.
