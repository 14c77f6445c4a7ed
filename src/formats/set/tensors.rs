//! Reading and writing safetensors files, with errors that name the file and the tensor.

use std::collections::{BTreeMap, HashMap};

use half::f16;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// A file that cannot be read.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum FormatError {
    /// Bytes that are no safetensors file, or truncated.
    #[error("{file} is not a whole safetensors file ({reason}): fetch or write it again")]
    NotSafetensors {
        /// The file.
        file: String,
        /// Message of the parser.
        reason: String,
    },
    /// A file that lacks a tensor.
    #[error("{file} has no tensor `{tensor}`")]
    MissingTensor {
        /// The file.
        file: String,
        /// The tensor.
        tensor: String,
    },
    /// A tensor of another shape or type than expected.
    #[error("{file}: tensor `{tensor}` is {found}, expected {expected}")]
    WrongTensor {
        /// The file.
        file: String,
        /// The tensor.
        tensor: String,
        /// Shape and type found.
        found: String,
        /// Shape or type expected.
        expected: String,
    },
    /// A file whose hash differs from that in the manifest.
    #[error("{file} is damaged: its SHA-256 is {found} and not {expected}, as promised; fetch it again")]
    WrongHash {
        /// The file.
        file: String,
        /// SHA-256 of the bytes.
        found: String,
        /// SHA-256 in the manifest.
        expected: String,
    },
    /// JSON, in a file or a header, that cannot be used.
    #[error("{file}: {reason}")]
    Json {
        /// The file.
        file: String,
        /// The reason, as a clause.
        reason: String,
    },
}

/// The kind of numbers that a tensor holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberKind {
    /// i32 or u8.
    Int,
    /// i64.
    Long,
    /// f32, f16 or any other type.
    Float,
    /// f64.
    Double,
}

/// A parsed safetensors file.
pub struct TensorFile<'a> {
    name: String,
    metadata: HashMap<String, String>,
    tensors: SafeTensors<'a>,
}

/// A writer of a safetensors file. The same tensors always give the same bytes.
#[derive(Default)]
pub struct TensorWriter {
    tensors: BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)>,
    metadata: BTreeMap<String, String>,
}

/// Computes the SHA-256 in lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Checks that bytes have a SHA-256, in lower-case hexadecimal; `file` is for errors.
///
/// # Errors
/// [`FormatError::WrongHash`] for other bytes.
pub fn verify_sha256(file: &str, bytes: &[u8], sha256: &str) -> Result<(), FormatError> {
    let found = sha256_hex(bytes);
    match found == sha256 {
        true => Ok(()),
        false => Err(FormatError::WrongHash { file: file.to_owned(), found, expected: sha256.to_owned() }),
    }
}

impl<'a> TensorFile<'a> {
    /// Parses `bytes`; `name` is for errors.
    pub fn parse(name: &str, bytes: &'a [u8]) -> Result<Self, FormatError> {
        let refused = |error: safetensors::SafeTensorError| FormatError::NotSafetensors {
            file: name.to_owned(),
            reason: error.to_string(),
        };
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(refused)?;
        Ok(Self {
            name: name.to_owned(),
            metadata: metadata.metadata().clone().unwrap_or_default(),
            tensors: SafeTensors::deserialize(bytes).map_err(refused)?,
        })
    }

    /// Returns a metadata entry.
    pub fn metadata(&self, key: &str) -> Option<&str> {
        self.metadata.get(key).map(String::as_str)
    }

    /// Returns the names of all tensors, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.tensors.names().into_iter().map(str::to_owned).collect();
        names.sort();
        names
    }

    /// Returns the shape of a tensor.
    pub fn shape(&self, tensor: &str) -> Result<Vec<usize>, FormatError> {
        Ok(self.view(tensor)?.shape().to_vec())
    }

    /// Returns the kind of numbers that a tensor holds.
    pub fn kind(&self, tensor: &str) -> Result<NumberKind, FormatError> {
        Ok(match self.view(tensor)?.dtype() {
            Dtype::I32 | Dtype::U8 => NumberKind::Int,
            Dtype::I64 => NumberKind::Long,
            Dtype::F64 => NumberKind::Double,
            _ => NumberKind::Float,
        })
    }

    /// Returns a tensor of f32 or f16 as f32; `shape` is checked, 0 standing for any length.
    pub fn floats(&self, tensor: &str, shape: &[usize]) -> Result<Vec<f32>, FormatError> {
        let view = self.checked(tensor, shape)?;
        match view.dtype() {
            Dtype::F32 => Ok(chunks(view.data(), f32::from_le_bytes)),
            Dtype::F16 => Ok(chunks(view.data(), |b| f16::from_le_bytes(b).to_f32())),
            _ => Err(self.mismatch(tensor, &view, "F32 or F16".to_owned())),
        }
    }

    /// Returns a tensor of f16 (or f32, rounded) as f16.
    pub fn halves(&self, tensor: &str, shape: &[usize]) -> Result<Vec<f16>, FormatError> {
        let view = self.checked(tensor, shape)?;
        match view.dtype() {
            Dtype::F16 => Ok(chunks(view.data(), f16::from_le_bytes)),
            Dtype::F32 => Ok(chunks(view.data(), |b| f16::from_f32(f32::from_le_bytes(b)))),
            _ => Err(self.mismatch(tensor, &view, "F16 or F32".to_owned())),
        }
    }

    /// Returns a tensor of i32 or u8 as i32.
    pub fn integers(&self, tensor: &str, shape: &[usize]) -> Result<Vec<i32>, FormatError> {
        let view = self.checked(tensor, shape)?;
        match view.dtype() {
            Dtype::I32 => Ok(chunks(view.data(), i32::from_le_bytes)),
            Dtype::U8 => Ok(view.data().iter().map(|&byte| i32::from(byte)).collect()),
            _ => Err(self.mismatch(tensor, &view, "I32 or U8".to_owned())),
        }
    }

    /// Returns a tensor of i64.
    pub fn longs(&self, tensor: &str, shape: &[usize]) -> Result<Vec<i64>, FormatError> {
        let view = self.checked(tensor, shape)?;
        match view.dtype() {
            Dtype::I64 => Ok(chunks(view.data(), i64::from_le_bytes)),
            _ => Err(self.mismatch(tensor, &view, "I64".to_owned())),
        }
    }

    /// Returns a tensor of f64.
    pub fn doubles(&self, tensor: &str, shape: &[usize]) -> Result<Vec<f64>, FormatError> {
        let view = self.checked(tensor, shape)?;
        match view.dtype() {
            Dtype::F64 => Ok(chunks(view.data(), f64::from_le_bytes)),
            _ => Err(self.mismatch(tensor, &view, "F64".to_owned())),
        }
    }

    fn view(&self, tensor: &str) -> Result<TensorView<'a>, FormatError> {
        self.tensors
            .tensor(tensor)
            .map_err(|_| FormatError::MissingTensor { file: self.name.clone(), tensor: tensor.to_owned() })
    }

    fn checked(&self, tensor: &str, shape: &[usize]) -> Result<TensorView<'a>, FormatError> {
        let view = self.view(tensor)?;
        let fits = view.shape().len() == shape.len()
            && view.shape().iter().zip(shape).all(|(found, want)| *want == 0 || found == want);
        if fits { Ok(view) } else { Err(self.mismatch(tensor, &view, format!("shape {shape:?}"))) }
    }

    fn mismatch(&self, tensor: &str, view: &TensorView<'_>, expected: String) -> FormatError {
        FormatError::WrongTensor {
            file: self.name.clone(),
            tensor: tensor.to_owned(),
            found: format!("{:?} {:?}", view.dtype(), view.shape()),
            expected,
        }
    }
}

impl TensorWriter {
    /// Adds f32 numbers.
    pub fn floats(&mut self, name: &str, shape: &[usize], values: &[f32]) -> &mut Self {
        self.put(name, Dtype::F32, shape, packed(values, f32::to_le_bytes))
    }

    /// Adds f16 numbers.
    pub fn halves(&mut self, name: &str, shape: &[usize], values: &[f16]) -> &mut Self {
        self.put(name, Dtype::F16, shape, packed(values, f16::to_le_bytes))
    }

    /// Adds f32 numbers rounded to f16; numbers beyond its range become the largest f16.
    pub fn rounded(&mut self, name: &str, shape: &[usize], values: &[f32]) -> &mut Self {
        let halves: Vec<f16> = values.iter().map(|&value| to_half(value)).collect();
        self.halves(name, shape, &halves)
    }

    /// Adds i32 numbers.
    pub fn integers(&mut self, name: &str, shape: &[usize], values: &[i32]) -> &mut Self {
        self.put(name, Dtype::I32, shape, packed(values, i32::to_le_bytes))
    }

    /// Adds i64 numbers.
    pub fn longs(&mut self, name: &str, shape: &[usize], values: &[i64]) -> &mut Self {
        self.put(name, Dtype::I64, shape, packed(values, i64::to_le_bytes))
    }

    /// Adds f64 numbers.
    pub fn doubles(&mut self, name: &str, shape: &[usize], values: &[f64]) -> &mut Self {
        self.put(name, Dtype::F64, shape, packed(values, f64::to_le_bytes))
    }

    /// Adds bytes.
    pub fn bytes(&mut self, name: &str, shape: &[usize], values: &[u8]) -> &mut Self {
        self.put(name, Dtype::U8, shape, values.to_vec())
    }

    /// Adds a metadata entry.
    pub fn metadata(&mut self, key: &str, value: &str) -> &mut Self {
        self.metadata.insert(key.to_owned(), value.to_owned());
        self
    }

    /// Returns the file. It is not written by the library, whose order of the metadata is that of a hash map, since the same tensors must
    /// give the same bytes: an 8-byte header length, the header's JSON padded with spaces to
    /// eight bytes, then the tensors, largest alignment first, then by name (the safetensors format).
    pub fn finish(&self) -> Vec<u8> {
        let mut order: Vec<_> = self.tensors.iter().collect();
        order.sort_by_key(|(name, (dtype, _, _))| (std::cmp::Reverse(width(*dtype)), (*name).clone()));
        let mut header = serde_json::Map::new();
        if !self.metadata.is_empty() {
            let entries = self.metadata.iter().map(|(key, value)| (key.clone(), value.clone().into()));
            header.insert("__metadata__".to_owned(), serde_json::Value::Object(entries.collect()));
        }
        let mut start = 0;
        for (name, (dtype, shape, data)) in &order {
            let entry = serde_json::json!({
                "dtype": dtype, "shape": shape, "data_offsets": [start, start + data.len()],
            });
            header.insert((*name).clone(), entry);
            start += data.len();
        }
        let mut text = serde_json::Value::Object(header).to_string().into_bytes();
        text.resize(text.len().next_multiple_of(8), b' ');
        let mut bytes = (text.len() as u64).to_le_bytes().to_vec();
        bytes.extend_from_slice(&text);
        for (_, (_, _, data)) in &order {
            bytes.extend_from_slice(data);
        }
        bytes
    }

    fn put(&mut self, name: &str, dtype: Dtype, shape: &[usize], data: Vec<u8>) -> &mut Self {
        assert_eq!(
            shape.iter().product::<usize>() * width(dtype),
            data.len(),
            "tensor `{name}` does not have the shape {shape:?}"
        );
        self.tensors.insert(name.to_owned(), (dtype, shape.to_vec(), data));
        self
    }
}

/// Rounds to f16; numbers beyond its range become its largest, so that no infinity enters a file.
fn to_half(value: f32) -> f16 {
    f16::from_f32(value.clamp(-f16::MAX.to_f32(), f16::MAX.to_f32()))
}

fn width(dtype: Dtype) -> usize {
    match dtype {
        Dtype::F16 => 2,
        Dtype::U8 => 1,
        Dtype::I64 | Dtype::F64 => 8,
        _ => 4,
    }
}

fn chunks<const N: usize, T>(bytes: &[u8], read: impl Fn([u8; N]) -> T) -> Vec<T> {
    bytes.as_chunks::<N>().0.iter().map(|chunk| read(*chunk)).collect()
}

/// Converts numbers to bytes. By whole arrays the compiler can turn this into a copy, byte by byte it cannot.
fn packed<const N: usize, T: Copy>(values: &[T], write: impl Fn(T) -> [u8; N]) -> Vec<u8> {
    let mut bytes = vec![0; values.len() * N];
    bytes.as_chunks_mut::<N>().0.iter_mut().zip(values).for_each(|(packed, &value)| *packed = write(value));
    bytes
}
