//! Printing over HTTP. A POST, because each file is recorded before it is handed out.

use std::collections::HashMap;

use access::{Body, House, Problems, Scope, Segment, printing::Sheet as File};
use kernel::{Id, Outcome, Problem, paper::Format};
use people::{
    applications::{row::application, store},
    minors,
    persons::{
        checks::{Faults, SHORT},
        row::person,
    },
};
use sea_orm::ColumnTrait as _;
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    Print,
    forms::{Filled, FormKind},
    known::{self, Secrets},
    sheet::Sheet,
};
use crate::{
    applications::{self, actions, flow::State, flow::Way},
    entitlements,
    policies::shelf::shelf,
};

/// The kind of file.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// PDF.
    Pdf,
    /// Word.
    Docx,
}

impl From<FileKind> for Format {
    fn from(kind: FileKind) -> Self {
        match kind {
            FileKind::Pdf => Self::Pdf,
            FileKind::Docx => Self::Docx,
        }
    }
}

/// A plain-words sheet to print.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetWish {
    /// pdf or docx.
    pub format: FileKind,
    /// Large print (大字版).
    #[serde(default)]
    pub large: bool,
}

/// A form of an application to print.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormWish {
    /// Which one.
    pub form: FormKind,
    /// pdf or docx.
    pub format: FileKind,
    /// What the applicant's number, telephone and address are needed in full for; without it they are masked.
    #[schema(max_length = 200)]
    pub reason: Option<String>,
}

/// Prints the plain-words sheet with help list of a person.
#[utoipa::path(post, path = "/persons/{id}/papers", tag = "aid", params(("id" = Uuid, Path)), request_body = SheetWish,
    responses((status = 200, content_type = "application/pdf", body = String), Problems),
    extensions(("x-permit" = json!("aid.papers.print"))))]
async fn sheet(scope: Scope<Print>, Segment(id): Segment<Uuid>, body: Body<SheetWish>) -> Outcome<File> {
    let wish = body.value;
    let person = scope.find::<person::Entity>().filter(person::Column::Id.eq(id)).required().await?;
    let said = entitlements::view::of(&scope.also()?, id).await?;
    let contact = known::contact(&scope, &person).await?;
    let library = &shelf()?.all;
    let cards: HashMap<_, _> = library.cards().iter().map(|card| (card.id.as_str(), card)).collect();
    let name = scope.show_name(&person.name);
    let sheet = Sheet { name: &name, said: &said, cards: &cards, contact: &contact, large: wish.large };
    scope.print::<person::Entity>(&person, &sheet.document(), wish.format.into()).await
}

/// Prints a form of an application.
#[utoipa::path(post, path = "/applications/{id}/papers", tag = "aid", params(("id" = Uuid, Path)), request_body = FormWish,
    responses((status = 200, content_type = "application/pdf", body = String), Problems),
    extensions(("x-permit" = json!("aid.papers.print"))))]
async fn form(scope: Scope<Print>, Segment(id): Segment<Uuid>, body: Body<FormWish>) -> Outcome<File> {
    let wish = body.value;
    let mut faults = Faults::default();
    let reason = wish.reason.as_deref().map(|text| faults.text("reason", text, SHORT));
    faults.done(Some(()))?;
    let row = store::one(&scope, id).await?;
    let person = store::person_of(&scope, &row).await?;
    let way = minors::must_open(&scope, &person).await?;
    may_print(&scope, wish.form, &row, &person)?;
    minors::record(&scope, &person, Some(way)).await?;
    let applicant = known::applicant(&scope, &person, &Secrets::new(&scope, reason.as_deref())).await?;
    let document = filled(&scope, &row, &person, &applicant, wish.form).await?;
    scope.print::<application::Entity>(&row, &document, wish.format.into()).await
}

async fn filled(
    scope: &Scope<Print>,
    row: &application::Model,
    person: &person::Model,
    applicant: &known::Applicant,
    form: FormKind,
) -> Outcome<kernel::paper::Document> {
    let contact = known::contact(scope, person).await?;
    let steps = store::steps(scope, row).await?;
    let last = |act: &str| steps.iter().rev().find(|step| step.act == act);
    let survey = last(applications::flow::Act::Survey.word());
    let notice = last(applications::flow::Act::PublicityStart.word());
    let surveyors: Vec<String> = survey
        .and_then(|step| serde_json::from_str::<serde_json::Value>(&step.detail).ok())
        .and_then(|detail| serde_json::from_value(detail.get("surveyors")?.clone()).ok())
        .unwrap_or_default();
    let me: Id = scope.actor();
    let printed_by = scope.account_names(vec![me]).await?.remove(&me).unwrap_or_default();
    let filled = Filled {
        row,
        card: actions::card(&row.policy)?,
        applicant,
        contact: &contact,
        surveyors: &surveyors,
        surveyed_on: survey.map(|step| step.on_day),
        notice_from: notice.map(|step| step.on_day).filter(|_| row.publicity_to.is_some()),
        printed_by: &printed_by,
        today: scope.today(),
    };
    Ok(filled.document(form))
}

/// Refuses a form that makes no sense yet, or that would tell of somebody who is protected.
fn may_print(scope: &Scope<Print>, form: FormKind, row: &application::Model, person: &person::Model) -> Outcome<()> {
    let card = actions::card(&row.policy)?;
    let state = State::parse(&row.state).ok_or_else(|| Problem::internal("an unknown state"))?;
    let early = matches!(state, State::Draft | State::Accepted | State::Surveyed | State::Withdrawn | State::Refused);
    let (rule, zh, en) = match form {
        FormKind::Notice if !Way::of(card).public || minors::is_minor(person, scope.today()) => (
            "paper.no_publicity",
            "为保护隐私，这件申请不公示，不打印公示件。",
            "To protect privacy this application is not made public; there is no notice to print.",
        ),
        FormKind::Notice if early => (
            "paper.no_opinion",
            "还没有可以公示的审核意见，请先登记审核意见。",
            "There is no opinion to make public; record the opinion first.",
        ),
        FormKind::Refusal if state != State::Refused => (
            "paper.not_refused",
            "这件申请没有登记不予确认，不能打印告知书。",
            "No refusal is recorded for this application, so there is none to print.",
        ),
        _ => return Ok(()),
    };
    Err(Problem::refused(rule, zh, en))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(sheet)).routes(routes!(form))
}
