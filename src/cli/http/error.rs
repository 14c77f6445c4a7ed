//! Errors of answers that are no HTTP, and of servers that are not who they should be.

use std::io;

use rustls::CertificateError;

/// Returns the error of data that breaks the rules of HTTP.
pub(super) fn invalid(message: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message.into())
}

/// Returns what is wrong with the certificate of a server, as a clause that says what to do; `None` for errors of another kind, after which
/// another attempt may do better.
pub(in crate::cli) fn certificate_flaw(error: &io::Error) -> Option<String> {
    let error = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    let rustls::Error::InvalidCertificate(flaw) = error else { return None };
    Some(match flaw {
        CertificateError::UnknownIssuer => {
            "the server's certificate is of an authority that this system does not trust: add the \
             authority to the system's certificates, or name its file in SSL_CERT_FILE"
                .to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "the server's certificate is of another host: check the address".to_owned()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the server's certificate has expired: check the clock of this machine".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "the server's certificate is not valid yet: check the clock of this machine".to_owned()
        }
        other => format!("the server's certificate is refused ({other}): try another network"),
    })
}
