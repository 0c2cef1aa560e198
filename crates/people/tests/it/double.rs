//! Double submit (checks P1): the same form sent twice at once, or again, makes one row. A thousand trials over all forms.

use access::on_both;
use serde_json::{Value, json};

use crate::world::{LINJIANG, World};

on_both! {
    async fn a_form_sent_twice_at_once_makes_one_row_in_a_thousand_trials(engine) {
        let w = World::new(engine).await;
        let mut trials = 0;
        for n in 0..200 {
            // The request limit of an account is per minute of the clock.
            if n % 10 == 9 {
                w.house.test.clock.advance(61_000);
            }
            let person = w.body(&format!("人{n}"), LINJIANG);
            let (id, today) = (person["id"].as_str().unwrap().to_owned(), "2026-11-23");
            let visit: Value = json!({"id": w.house.id(), "person_id": id, "kind": "routine", "mode": "home", "visited_on": today,
                "contact_result": "met", "companions": "", "summary": "情况稳定", "risk_signs": [], "needs": [], "services": [],
                "work_field": "assistance", "policies_explained": "", "actions": ""});
            let visit_id = visit["id"].as_str().unwrap().to_owned();
            let home = json!({"id": w.house.id(), "kind": "hukou", "village": LINJIANG,
                "members": [{"id": w.house.id(), "person_id": id, "relation": "0", "from": "2026-01-01"}]});
            let forms = [
                ("/persons".to_owned(), person),
                (format!("/persons/{id}/categories"), w.category("ALONE")),
                ("/households".to_owned(), home),
                ("/visits".to_owned(), visit),
                (format!("/visits/{visit_id}/addenda"), json!({"id": w.house.id(), "text": "补充"})),
            ];
            for (path, body) in forms {
                let (one, other) = tokio::join!(
                    w.house.post(&w.resident, &path, body.clone()),
                    w.house.post(&w.resident, &path, body.clone())
                );
                let mut codes = [one.status.as_u16(), other.status.as_u16()];
                codes.sort_unstable();
                assert_eq!(codes, [200, 201], "{path}: {} {}", one.text, other.text);
                let again = w.house.post(&w.resident, &path, body).await;
                assert_eq!(again.status, 200, "{path}: {}", again.text);
                trials += 1;
            }
        }
        assert_eq!(trials, 1_000);
        for table in ["person", "category_assignment", "household", "membership", "visit", "visit_addendum", "ledger_entry"] {
            assert_eq!(w.house.number(&format!("SELECT COUNT(*) FROM {table}")).await, 200, "{table}");
        }
    }
}
