//! What went wrong and has not been dismissed.

/// Sentences for the user, one each.
#[derive(Debug, Clone, Default)]
pub struct Notices {
    errors: Vec<String>,
}

impl Notices {
    /// Starts with the problems of a link.
    pub fn new(errors: Vec<String>) -> Self {
        Self { errors }
    }

    /// Adds a sentence; one that is shown already is not repeated.
    pub fn add(&mut self, sentence: String) {
        if !self.errors.contains(&sentence) {
            self.errors.push(sentence);
        }
    }

    /// Puts one sentence in the place of another.
    pub fn replace(&mut self, before: &str, sentence: &str) {
        self.errors.retain(|shown| shown != before);
        self.add(sentence.to_owned());
    }

    /// Dismisses all of them.
    pub fn clear(&mut self) {
        self.errors.clear();
    }

    /// Returns the sentences, the oldest first.
    pub fn all(&self) -> &[String] {
        &self.errors
    }
}
