//! The paths by which a configuration names what stands in JSON: `data.messages[0].id`.
//!
//! Must never know what a path is for.

use serde_json::Value;

/// Where a value stands: `data.messages[0].id`, or `[*]` for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Field(String),
    At(usize),
    Each,
}

impl Path {
    /// Read from a configuration; the error says what a path looks like.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let wrong = || format!("must be a path such as data.messages[0].id, not {text:?}");
        let mut steps = Vec::new();
        for (at, piece) in text.split('.').enumerate() {
            let mut rest = piece.find('[').map_or("", |open| &piece[open..]);
            let name = &piece[..piece.len() - rest.len()];
            if !name.is_empty() {
                steps.push(Step::Field(name.to_owned()));
            } else if at > 0 || rest.is_empty() {
                return Err(wrong());
            }
            while !rest.is_empty() {
                let (inner, next) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).ok_or_else(wrong)?;
                steps.push(if inner == "*" { Step::Each } else { Step::At(inner.parse().map_err(|_| wrong())?) });
                rest = next;
            }
        }
        Ok(Self(steps))
    }

    /// Every value it leads to.
    pub(super) fn all<'v>(&self, root: &'v Value) -> Vec<&'v Value> {
        self.0.iter().fold(vec![root], |found, step| {
            found
                .into_iter()
                .flat_map(|value| -> Vec<&'v Value> {
                    match step {
                        Step::Field(name) => value.get(name.as_str()).into_iter().collect(),
                        Step::At(index) => value.get(*index).into_iter().collect(),
                        Step::Each => value.as_array().map(|list| list.iter().collect()).unwrap_or_default(),
                    }
                })
                .collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company::reading::json::word;
    use serde_json::json;

    #[test]
    fn paths_lead_where_they_say() {
        let json = json!({"data": {"messages": [{"id": 7}, {"id": "x"}, {"no": null}]}});
        let words = |path: &str| Path::read(path).unwrap().all(&json).into_iter().filter_map(word).collect::<Vec<_>>();
        assert_eq!(words("data.messages[*].id"), ["7", "x"]);
        assert_eq!(words("data.messages[1].id"), ["x"]);
        assert!(words("data.messages[9].id").is_empty() && words("data.none.deep").is_empty());
        assert_eq!(Path::read("[*].id").unwrap().all(&json!([{"id": 1}, {"id": 2}])).len(), 2);
        for bad in ["", "a..b", "a[", "a[x]", "a[0", ".a"] {
            assert!(Path::read(bad).is_err(), "{bad}");
        }
    }
}
