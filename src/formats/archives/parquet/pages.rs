//! The pages of a column, checked before they are decoded: a damaged page may claim any number of values in a few bytes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parquet::basic::Encoding;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};

/// Most values of the pages that are decoded for a batch of rows.
const MOST_VALUES: usize = 1 << 26;

/// The pages of a column.
pub(super) struct CheckedPages {
    inner: Box<dyn PageReader>,
    /// Values of the pages since the batch began.
    values: Arc<AtomicUsize>,
}

impl CheckedPages {
    /// Returns the pages of a column; whoever begins a batch sets `values` to 0.
    pub(super) fn new(inner: Box<dyn PageReader>, values: Arc<AtomicUsize>) -> Self {
        Self { inner, values }
    }

    fn check(&self, page: &Page) -> Result<()> {
        let values = page.num_values() as usize;
        let claimed = self.values.fetch_add(values, Ordering::Relaxed).saturating_add(values);
        if claimed > MOST_VALUES {
            return Err(ParquetError::General(format!("a page claims {values} values")));
        }
        if let Page::DataPage { def_level_encoding, rep_level_encoding, .. } = page {
            for encoding in [def_level_encoding, rep_level_encoding] {
                #[expect(deprecated, reason = "old files have it")]
                let is_known = matches!(encoding, Encoding::RLE | Encoding::BIT_PACKED);
                if !is_known {
                    return Err(ParquetError::General(format!("levels are encoded as {encoding}")));
                }
            }
        }
        Ok(())
    }
}

impl Iterator for CheckedPages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for CheckedPages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.inner.get_next_page()?;
        page.as_ref().map_or(Ok(()), |page| self.check(page))?;
        Ok(page)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.inner.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.inner.skip_next_page()
    }

    fn supports_deferred_dictionary(&self) -> bool {
        self.inner.supports_deferred_dictionary()
    }

    fn take_deferred_dictionary(&mut self) -> Result<Option<Page>> {
        self.inner.take_deferred_dictionary()
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        self.inner.at_record_boundary()
    }
}
