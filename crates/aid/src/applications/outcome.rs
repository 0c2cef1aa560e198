//! What a confirmed status changes in the ledger (台账类别).

use access::Writing;
use kernel::{Field, Outcome, Permit, Problem, Sees, codes};
use people::{
    categories::{self, NewCategory},
    persons::row::person,
};
use policy::card::Card;

use super::model::NewAct;
use crate::policies::shelf::shelf;

/// The categories of the ledger that a card recognises; none for one that is no status.
pub fn categories(card: &Card) -> Vec<&'static str> {
    let Ok(shelf) = shelf() else { return Vec::new() };
    let facts = shelf.library.dictionary().facts().iter();
    let own = facts.filter(|fact| fact.approved_of.as_deref() == Some(card.id.as_str()));
    own.flat_map(|fact| &fact.categories).map(String::as_str).collect()
}

/// The category a confirmation enters; none for a policy that is no status.
pub fn category_of(card: &Card, asked: Option<&str>) -> Outcome<Option<&'static str>> {
    let known = categories(card);
    match (known.as_slice(), asked) {
        ([], None) => Ok(None),
        ([one], None) => Ok(Some(one)),
        (all, Some(asked)) if all.contains(&asked) => Ok(all.iter().find(|code| **code == asked).copied()),
        (_, None) => Err(Problem::invalid(Field::new(
            "category",
            "required",
            "请选择确认的类别（如分散供养或集中供养）。",
            "Choose which category was confirmed.",
        ))),
        (_, Some(_)) => Err(Problem::invalid(Field::unknown_code("category", "category"))),
    }
}

/// Enters the confirmed category with the decision as evidence; refuses while one stands that excludes it.
pub async fn enter<P>(tx: &Writing<'_, P>, person: &person::Model, card: &Card, new: &NewAct) -> Outcome<()>
where
    P: Permit + Sees<person::Entity>,
{
    let Some(category) = category_of(card, new.category.as_deref())? else { return Ok(()) };
    let library = &shelf()?.all;
    let others = library.cards().iter().filter(|c| card.conflicts.contains(&c.id)).flat_map(categories);
    let excluded: Vec<&str> = others.chain(categories(card)).filter(|code| *code != category).collect();
    let open = people::categories::store::open_in(tx, person).await?;
    if let Some(standing) = open.iter().find(|a| excluded.contains(&a.category.as_str())) {
        let label = codes::category(&standing.category).map_or(standing.category.as_str(), |c| c.label.as_str());
        return Err(Problem::refused(
            "application.excluded",
            format!("台账中仍有“{label}”，与“{}”不能同时享受。请先复核并结束原类别，再登记确认结果。", card.title),
            format!(
                "The ledger still holds `{}`, which cannot stand beside `{}`. Review and end it first, then record the result.",
                standing.category, card.id
            ),
        ));
    }
    let category = NewCategory {
        id: tx.scope().new_id(),
        category: category.to_owned(),
        from: new.on,
        evidence_kind: "decision_notice".to_owned(),
        evidence_ref: new.document.clone().unwrap_or_default(),
        source: "document".to_owned(),
        sub_code: None,
        valid_until: None,
    };
    categories::actions::recognise(tx, person, &category).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_have_their_categories_and_others_none() {
        let library = &shelf().unwrap().library;
        for (id, codes) in [
            ("dibao", &["DIBAO"][..]),
            ("near", &["NEAR"]),
            ("rigid", &["RIGID"]),
            ("tekun", &["TEKUN_H", "TEKUN_I"]),
            ("orphan", &["ORPHAN"]),
            ("defacto", &["DEFACTO"]),
            ("edu", &[]),
        ] {
            let card = library.cards().iter().find(|c| c.id == id).unwrap();
            assert_eq!(categories(card), codes, "{id}");
            assert_eq!(category_of(card, None).is_ok(), codes.len() < 2, "{id}");
        }
        let tekun = library.cards().iter().find(|c| c.id == "tekun").unwrap();
        assert_eq!(category_of(tekun, Some("TEKUN_I")).unwrap(), Some("TEKUN_I"));
        assert!(category_of(tekun, Some("DIBAO")).is_err());
    }
}
