//! The job that writes a sheet: page by page from the list itself, into an encrypted file, in the memory of one page.

use access::{
    Progress, Scope,
    audit::Detail,
    exports::{self, Draught},
    read_query,
    row::list_export,
};
use kernel::{Outcome, Place, Problem, codes::Lang, secret::SecretKind};
use serde::Deserialize;

use super::{
    Make,
    sheet::{self, Column, Secrets},
};
use crate::{
    due, minors,
    persons::{
        self,
        row::{PersonLine, person},
    },
    visits,
    worklists::lists::{Asked, List},
};

/// Rows read at a time.
const PAGE: u64 = 200;
/// What tells Excel and WPS that a file is UTF-8.
const MARK: &str = "\u{FEFF}";

#[derive(Deserialize)]
struct OnlyPlace {
    place: Option<String>,
}

/// The place an export is of: that of the filter, or the caller's own where the filter names none or one around it.
pub async fn place_of(scope: &Scope<Make>, query: &str) -> Outcome<Place> {
    let own = scope.place_or_own("place", None).await?.place();
    let asked: OnlyPlace = read_query(query)?;
    match asked.place.as_deref().filter(|p| !p.is_empty()) {
        None => Ok(own),
        Some(text) => {
            let asked = scope.resolve("place", text).await?.place();
            Ok(if asked.contains(&own) { own } else { asked })
        }
    }
}

/// One page of a sheet.
struct Lines {
    rows: Vec<Vec<String>>,
    /// Whom the page shows, where it shows them in full.
    people: Vec<person::Model>,
    next: Option<String>,
}

/// Makes the sheet; gives link, rows and hash.
pub async fn make(
    scope: Scope<Make>,
    export: list_export::Model,
    asked: Asked,
    lang: Lang,
    progress: Progress,
) -> Outcome<serde_json::Value> {
    let list = List::from_code(&export.list).ok_or(Problem::NotFound)?;
    let keys: Vec<String> = serde_json::from_str(&export.columns).unwrap_or_default();
    let columns = sheet::chosen(list, &keys, export.unmasked);
    let mark = exports::watermark(&scope, &export);
    let total = u64::try_from(export.people).unwrap_or(0);
    let mut draught = Draught::begin(&scope, export.id).await?;
    let heading = sheet::headings(&columns, export.unmasked, lang);
    draught.add(&format!("{MARK}{}", sheet::lines(&[heading])?)).await?;
    let (mut cursor, mut written) = (None, 0_u32);
    loop {
        // A session that was ended meanwhile takes nothing more out.
        scope.still_open().await?;
        let mut page = page(&scope, &export, &asked, &columns, lang, cursor.as_deref()).await?;
        if export.unmasked {
            tell_access_logs(&scope, &export, std::mem::take(&mut page.people)).await?;
            page.rows.iter_mut().for_each(|row| row.push(mark.clone()));
        }
        written = written.saturating_add(u32::try_from(page.rows.len()).unwrap_or(u32::MAX));
        draught.add(&sheet::lines(&page.rows)?).await?;
        progress.at(u64::from(written), total.max(u64::from(written)), "rows");
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    draught.add(&sheet::lines(&[sheet::closing(&mark, written, lang)])?).await?;
    let made = exports::finish(&scope, &export, draught, written).await?;
    serde_json::to_value(made).map_err(Problem::internal)
}

async fn page(
    scope: &Scope<Make>,
    export: &list_export::Model,
    asked: &Asked,
    columns: &[&Column],
    lang: Lang,
    cursor: Option<&str>,
) -> Outcome<Lines> {
    match asked {
        Asked::Persons(read, asked) => {
            let page = asked.page(read, cursor, PAGE).await?;
            let shown = persons::rows(read, page.items.into_iter().map(|(person, _)| person)).await?;
            let people = persons::store::with_ids(read, shown.iter().map(|row| row.id)).await?;
            let mut rows = Vec::with_capacity(shown.len());
            for row in &shown {
                let Some(person) = people.get(&row.id) else { continue };
                let secrets = secrets(scope, export, person, row.closed)?;
                rows.push(columns.iter().map(|c| sheet::person(c.0, row, &secrets, None, lang)).collect());
            }
            Ok(Lines { rows, people: people.into_values().collect(), next: page.next })
        }
        Asked::Due(read, asked) => {
            let page = asked.page(read, cursor, PAGE).await?;
            let people = page.items;
            let lines: Vec<PersonLine> = people.iter().cloned().map(PersonLine::from).collect();
            let open = minors::open_among(read, &lines).await?;
            let mut rows = Vec::with_capacity(people.len());
            for (row, person) in due::http::rows_of(read, people.clone()).await?.iter().zip(&people) {
                let secrets = secrets(scope, export, person, !open.contains_key(&person.id))?;
                rows.push(columns.iter().map(|c| sheet::due(c.0, row, &secrets, lang)).collect());
            }
            Ok(Lines { rows, people, next: page.next })
        }
        Asked::Visits(read, asked) => {
            let page = asked.page(read, cursor, PAGE).await?;
            let people = visits::store::people_of(read, &page.items).await?.into_values().collect();
            let views = visits::http::views(read, page.items, false).await?;
            let line = |v: &visits::VisitView| columns.iter().map(|c| sheet::visit(c.0, v, lang)).collect();
            Ok(Lines { rows: views.iter().map(line).collect(), people, next: page.next })
        }
    }
}

/// Number, telephone and address of a person: in full where that was approved, else as the screen shows them.
/// A minor's file that is closed to the caller stays closed in an export: no number, the rest masked.
fn secrets(scope: &Scope<Make>, export: &list_export::Model, person: &person::Model, closed: bool) -> Outcome<Secrets> {
    let show = |kind, sealed: &Option<kernel::Sealed>| match sealed {
        None => Ok(String::new()),
        Some(_) if closed && kind == SecretKind::Number => Ok(String::new()),
        Some(sealed) if export.unmasked && !closed => exports::in_full(scope, export, sealed),
        Some(sealed) => scope.show(kind, sealed),
    };
    Ok(Secrets {
        number: show(SecretKind::Number, &person.id_number)?,
        phone: show(SecretKind::Phone, &person.phone)?,
        address: show(SecretKind::Address, &person.address)?,
    })
}

/// Writes the export into the access log of everybody it shows in full, before it is written into the file.
async fn tell_access_logs(scope: &Scope<Make>, export: &list_export::Model, people: Vec<person::Model>) -> Outcome<()> {
    let detail = Detail { changes: Vec::new(), reason: Some(export.purpose.clone()) };
    scope
        .write(move |tx| {
            Box::pin(async move {
                for person in people {
                    tx.append("export", "person", person.id, person.county_id, person.rev, &detail).await?;
                }
                Ok(())
            })
        })
        .await
}
