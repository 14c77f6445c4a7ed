//! CSV as RFC 4180 has it: the one writer behind every table that the page saves and the command line prints.

/// A CSV text in the making: comment lines, then records.
///
/// A field is quoted only where it must be: where it holds a comma, a quote, a line break or a `#`, which readers take for the
/// beginning of a comment.
pub struct CsvWriter {
    writer: csv::Writer<Vec<u8>>,
}

impl CsvWriter {
    /// Returns a writer of a text without comments.
    pub fn new() -> Self {
        Self::with_comments(std::iter::empty::<&str>())
    }

    /// Returns a writer of a text that begins with comments, each on a line of its own after `# `. A line break within a
    /// comment is written as a space.
    pub fn with_comments(comments: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut text = String::new();
        for comment in comments {
            text.push_str("# ");
            text.push_str(&comment.as_ref().replace(['\n', '\r'], " "));
            text.push('\n');
        }
        let mut settings = csv::WriterBuilder::new();
        settings.flexible(true).comment(Some(b'#'));
        Self { writer: settings.from_writer(text.into_bytes()) }
    }

    /// Adds a record, the header being the first.
    pub fn record(&mut self, fields: impl IntoIterator<Item = impl AsRef<str>>) {
        for field in fields {
            self.writer.write_field(field.as_ref()).expect("a field can be written to memory");
        }
        self.writer.write_record(None::<&[u8]>).expect("records of any length can be written to memory");
    }

    /// Returns the text; every line ends with a line feed.
    pub fn finish(self) -> String {
        let bytes = self.writer.into_inner().expect("a buffer in memory can be flushed");
        String::from_utf8(bytes).expect("fields and comments are UTF-8")
    }
}

impl Default for CsvWriter {
    fn default() -> Self {
        Self::new()
    }
}
