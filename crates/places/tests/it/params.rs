//! Parameters through HTTP.

use crate::divisions::house;

access::on_both! {
    async fn the_nearest_place_decides(engine) {
        let house = house(engine).await;
        let who = house.account("worker", &[("CA", "430703")]).await;
        let at = async |query: &str| {
            let page = house.get(&who, &format!("/params{query}")).await.expect(200);
            let items = page["items"].as_array().unwrap().clone();
            items.into_iter().find(|p| p["code"] == "staff.per_station.min").unwrap_or_default()
        };
        let nation = at("").await;
        assert_eq!((nation["place"]["code"].as_str(), &nation["verified"]), (Some("national"), &serde_json::json!(false)));
        let county = at("?place=430703").await;
        assert_eq!((county["place"]["name"].as_str(), &county["verified"]), (Some("鼎城区"), &serde_json::json!(true)));
        let town = at("?place=stat:430703122&on=2026-01-01").await;
        assert_eq!(town["place"]["code"], "430703");
        assert_eq!(at("?place=430703&on=2019-06-30").await["place"]["code"], "430703", "the county set it before the nation");
        assert!(at("?place=500107&on=2019-06-30").await.is_null());
        assert_eq!(at("?place=500107").await["place"]["code"], "national");
        house.get(&who, "/params?place=xx").await.expect(422);
        house.get(&who, "/params?on=2026-13-01").await.expect(422);
    }
}
