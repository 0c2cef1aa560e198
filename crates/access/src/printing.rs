//! Printing (打印): a document about one record leaves the house as a file, so it counts as an export of it.
//!
//! The room builds the blocks from what the caller may see; this is the only way from them to a file. An hour has a limit, and
//! the record of the export is committed before the file is handed out. File names tell what it is and of which day, never
//! of whom.

use axum::{
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use ground::press::Printed;
use kernel::{
    Outcome, Permit,
    paper::{Document, Format},
    params::Params,
};

use crate::{Scope, audit::Detail, writing::Kept};

/// How many characters of the file no font could print.
const MISSING: HeaderName = HeaderName::from_static("x-unprintable-characters");

/// A file to hand out.
#[derive(Debug)]
pub struct Sheet {
    name: String,
    format: Format,
    printed: Printed,
}

impl<P: Permit> Scope<P> {
    /// Prints a document about a record the caller can see; its title, which tells of nobody, stands in the record of the export.
    ///
    /// # Errors
    /// Too many in this hour (429), the press is busy (503), the document is too large.
    pub async fn print<E: Kept>(&self, row: &E::Model, document: &Document, format: Format) -> Outcome<Sheet> {
        let most = Params::national().whole("print.per_hour", &[], self.today()).unwrap_or(0);
        let most = u32::try_from(most).unwrap_or(0);
        self.house().limits.take(self.actor(), "print", most, 3_600_000, self.now())?;
        let printed = self.floor().press.print(document, format).await?;
        let (chain, object, rev) = (E::chain(row), E::id(row), E::rev(row));
        let detail = Detail {
            changes: Vec::new(),
            reason: Some(format!("{}（{}）", document.title, format.ending().to_uppercase())),
        };
        self.write(move |tx| {
            Box::pin(async move { tx.append("export", E::KIND, object, chain, rev, &detail).await.map(|_| ()) })
        })
        .await?;
        let name = format!("{}-{}.{}", document.title, document.day.format("%Y%m%d"), format.ending());
        Ok(Sheet { name, format, printed })
    }
}

impl IntoResponse for Sheet {
    fn into_response(self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, self.format.media_type().to_owned()),
            (header::CONTENT_DISPOSITION, disposition(&self.name, self.format)),
            (header::CACHE_CONTROL, "no-store".to_owned()),
            (MISSING, self.printed.missing.to_string()),
        ];
        (headers, self.printed.bytes).into_response()
    }
}

/// A file name with Chinese characters (RFC 5987), and a plain one for those who do not know that.
fn disposition(name: &str, format: Format) -> String {
    let mut encoded = String::new();
    for byte in name.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("attachment; filename=\"print.{}\"; filename*=UTF-8''{encoded}", format.ending())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_file_name_is_encoded_and_cannot_break_out_of_its_header() {
        assert_eq!(
            disposition("明白纸-20261123.pdf", Format::Pdf),
            "attachment; filename=\"print.pdf\"; filename*=UTF-8''%E6%98%8E%E7%99%BD%E7%BA%B8-20261123.pdf"
        );
        let hostile = disposition("a\"\r\nSet-Cookie: x=1;'甲", Format::Docx);
        assert!(
            !hostile.contains('\r') && !hostile.contains('\n') && hostile.ends_with("%3B%27%E7%94%B2"),
            "{hostile}"
        );
        assert_eq!(hostile.matches('"').count(), 2);
    }
}
