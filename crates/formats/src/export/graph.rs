//! Members and ties as a graph, for the programs that draw and measure networks: GraphML (Brandes et al. 2002), GEXF
//! 1.3 (Gephi), and the JSON that Kumu imports.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{ById, Network, code_of};

/// An edge of any of the formats; memberships are edges too.
struct Edge<'a> {
    from: &'a str,
    to: &'a str,
    relation: &'a str,
    directed: bool,
    strength: Option<u8>,
    since: String,
}

fn edges(network: &Network) -> Vec<Edge<'_>> {
    let by_id = ById::of(network);
    let ties = network.ties.iter().map(|tie| Edge {
        from: &tie.subject,
        to: &tie.object,
        relation: &tie.relation,
        directed: tie.directed,
        strength: tie.strength,
        since: tie.since.map(|since| since.iso()).unwrap_or_default(),
    });
    let memberships = network.memberships.iter().map(|membership| Edge {
        from: &membership.member,
        to: &membership.organization,
        relation: "member",
        directed: true,
        strength: None,
        since: String::new(),
    });
    // an end the reader may not see takes the edge with it
    ties.chain(memberships)
        .filter(|edge| by_id.get(edge.from).is_some() && by_id.get(edge.to).is_some())
        .collect()
}

/// Text as XML holds it: escaped, without characters XML forbids.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// The graph as GraphML.
#[must_use]
pub fn graphml(network: &Network) -> String {
    let mut text = concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
        "<key id=\"label\" for=\"node\" attr.name=\"label\" attr.type=\"string\"/>\n",
        "<key id=\"kind\" for=\"node\" attr.name=\"kind\" attr.type=\"string\"/>\n",
        "<key id=\"province\" for=\"node\" attr.name=\"province\" attr.type=\"string\"/>\n",
        "<key id=\"relation\" for=\"edge\" attr.name=\"relation\" attr.type=\"string\"/>\n",
        "<key id=\"strength\" for=\"edge\" attr.name=\"strength\" attr.type=\"int\"/>\n",
        "<key id=\"since\" for=\"edge\" attr.name=\"since\" attr.type=\"string\"/>\n",
    )
    .to_owned();
    // writing to a String cannot fail
    let _ = writeln!(text, "<graph id=\"{}\" edgedefault=\"undirected\">", xml(&network.name));
    for member in &network.members {
        let _ = writeln!(
            text,
            "<node id=\"{}\"><data key=\"label\">{}</data><data key=\"kind\">{}</data><data key=\"province\">{}</data></node>",
            xml(&member.id),
            xml(&member.name),
            code_of(member.kind),
            xml(&member.province)
        );
    }
    for (number, edge) in edges(network).iter().enumerate() {
        let _ = write!(
            text,
            "<edge id=\"e{number}\" source=\"{}\" target=\"{}\" directed=\"{}\"><data key=\"relation\">{}</data>",
            xml(edge.from),
            xml(edge.to),
            edge.directed,
            xml(edge.relation)
        );
        if let Some(strength) = edge.strength {
            let _ = write!(text, "<data key=\"strength\">{strength}</data>");
        }
        if !edge.since.is_empty() {
            let _ = write!(text, "<data key=\"since\">{}</data>", xml(&edge.since));
        }
        text.push_str("</edge>\n");
    }
    text.push_str("</graph>\n</graphml>\n");
    text
}

/// The graph as GEXF.
#[must_use]
pub fn gexf(network: &Network) -> String {
    let mut text = concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">\n",
        "<graph mode=\"static\" defaultedgetype=\"undirected\">\n",
        "<attributes class=\"node\"><attribute id=\"0\" title=\"kind\" type=\"string\"/>",
        "<attribute id=\"1\" title=\"province\" type=\"string\"/></attributes>\n<nodes>\n",
    )
    .to_owned();
    for member in &network.members {
        let _ = writeln!(
            text,
            "<node id=\"{}\" label=\"{}\"><attvalues><attvalue for=\"0\" value=\"{}\"/><attvalue for=\"1\" value=\"{}\"/></attvalues></node>",
            xml(&member.id),
            xml(&member.name),
            code_of(member.kind),
            xml(&member.province)
        );
    }
    text.push_str("</nodes>\n<edges>\n");
    for (number, edge) in edges(network).iter().enumerate() {
        let _ = writeln!(
            text,
            "<edge id=\"{number}\" source=\"{}\" target=\"{}\" type=\"{}\" weight=\"{}\" label=\"{}\"/>",
            xml(edge.from),
            xml(edge.to),
            if edge.directed { "directed" } else { "undirected" },
            edge.strength.unwrap_or(1),
            xml(edge.relation)
        );
    }
    text.push_str("</edges>\n</graph>\n</gexf>\n");
    text
}

/// The graph as Kumu imports it.
#[must_use]
pub fn kumu(network: &Network) -> Value {
    let elements: Vec<Value> = network
        .members
        .iter()
        .map(|member| {
            json!({"id": member.id, "label": member.name, "type": code_of(member.kind), "province": member.province})
        })
        .collect();
    let connections: Vec<Value> = edges(network)
        .iter()
        .map(|edge| {
            json!({
                "from": edge.from,
                "to": edge.to,
                "type": edge.relation,
                "direction": if edge.directed { "directed" } else { "undirected" },
                "strength": edge.strength,
            })
        })
        .collect();
    json!({"elements": elements, "connections": connections})
}
