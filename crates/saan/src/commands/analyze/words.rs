//! What each figure is called and what it means, in words for a coordinator, Thai and English.

use thai::Lang;

/// A figure's title and one sentence on what it means.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    pub(super) title: &'static str,
    pub(super) meaning: &'static str,
}

/// The words for a measure; none for one that has none yet (a test sees to it that all have).
pub(super) fn words(measure: &str, lang: Lang) -> Option<Words> {
    let (_, thai, english) = WORDS.iter().find(|(name, _, _)| *name == measure)?;
    let (title, meaning) = match lang {
        Lang::Thai => *thai,
        Lang::English => *english,
    };
    Some(Words { title, meaning })
}

type Entry = (&'static str, (&'static str, &'static str), (&'static str, &'static str));

const WORDS: &[Entry] = &[
    (
        "density",
        ("ความหนาแน่น", "ในบรรดาสายสัมพันธ์ที่เป็นไปได้ทั้งหมด มีอยู่จริงเท่าใด (0 ถึง 1)"),
        ("Density", "Of all ties there could be, the share that exist (0 to 1)."),
    ),
    (
        "dyad_census",
        ("คู่สัมพันธ์ (สองทาง ทางเดียว ไม่มี)", "จำนวนคู่ที่ต่างฝ่ายต่างผูกกัน คู่ที่ผูกข้างเดียว และคู่ที่ยังไม่ผูกกัน"),
        (
            "Pairs (both ways, one way, none)",
            "How many pairs are tied from both sides, from one side only, and not at all.",
        ),
    ),
    (
        "reciprocity_edge",
        ("การตอบแทนรายสาย", "สายสัมพันธ์ที่อีกฝ่ายผูกกลับมาด้วยมีสัดส่วนเท่าใด (0 ถึง 1)"),
        ("Reciprocity of ties", "The share of ties that are returned by a tie back (0 to 1)."),
    ),
    (
        "reciprocity_dyadic_nonnull",
        ("การตอบแทนรายคู่", "ในบรรดาคู่ที่ผูกกันอยู่ มีกี่ส่วนที่ผูกกันทั้งสองทาง (0 ถึง 1)"),
        ("Reciprocity of tied pairs", "Of the pairs that are tied, the share tied both ways (0 to 1)."),
    ),
    (
        "reciprocity_dyadic",
        ("ความสมมาตรของทุกคู่", "ในบรรดาทุกคู่ รวมคู่ที่ไม่ผูกกัน มีกี่ส่วนที่สองฝ่ายเหมือนกัน (0 ถึง 1)"),
        (
            "Symmetry of all pairs",
            "Of all pairs, untied ones included, the share where both sides are alike (0 to 1).",
        ),
    ),
    (
        "reciprocity_weighted",
        ("การตอบแทนตามน้ำหนัก", "น้ำหนักของสายสัมพันธ์ที่ได้รับกลับคืนมามีสัดส่วนเท่าใด (0 ถึง 1)"),
        ("Reciprocity by weight", "The share of all weight given that comes back (0 to 1)."),
    ),
    (
        "triad_census",
        ("รูปแบบของกลุ่มสาม", "จำนวนกลุ่มสามรายที่ผูกกันในแต่ละแบบจากสิบหกแบบ"),
        ("Ways three are tied", "How often three actors are tied in each of the sixteen possible ways."),
    ),
    (
        "centralization_indegree",
        ("การรวมศูนย์ของผู้ถูกผูก", "สายสัมพันธ์พุ่งเข้าหารายเดียวเพียงใด (0 กระจายเท่ากัน 1 เข้ารายเดียว)"),
        (
            "Centralization of ties received",
            "How far ties point at one actor (0 spread evenly, 1 all at one).",
        ),
    ),
    (
        "centralization_outdegree",
        ("การรวมศูนย์ของผู้ผูก", "สายสัมพันธ์ออกจากรายเดียวเพียงใด (0 กระจายเท่ากัน 1 ออกจากรายเดียว)"),
        (
            "Centralization of ties given",
            "How far ties come from one actor (0 spread evenly, 1 all from one).",
        ),
    ),
    (
        "krackhardt_connectedness",
        ("ความเชื่อมถึงกัน", "สัดส่วนของคู่ที่มีทางไปหากันได้ ไม่ว่าจะผ่านกี่คน (1 คือทุกคู่)"),
        (
            "Connectedness",
            "The share of pairs with some way between them, through any number of others (1 is all).",
        ),
    ),
    (
        "krackhardt_efficiency",
        ("ความประหยัดสาย", "มีสายเกินกว่าที่จำเป็นเพื่อเชื่อมถึงกันน้อยเพียงใด (1 คือไม่มีสายเกิน 0 คือเกินเต็มที่)"),
        (
            "Sparing of ties",
            "How few ties there are beyond those needed to hold together (1 none to spare, 0 all there could be).",
        ),
    ),
    (
        "krackhardt_hierarchy",
        ("ลำดับชั้น", "ในคู่ที่ฝ่ายหนึ่งไปถึงอีกฝ่ายได้ มีกี่ส่วนที่อีกฝ่ายย้อนกลับมาไม่ได้ (1 คือเป็นลำดับชั้นล้วน)"),
        (
            "Hierarchy",
            "Where one can reach another, how often the other has no way back (1 is a pure ladder).",
        ),
    ),
    (
        "krackhardt_lub",
        ("การมีหัวหน้าร่วม", "สองรายใดก็มีผู้ที่อยู่เหนือขึ้นไปร่วมกันเพียงใด (1 คือทุกคู่มี)"),
        ("Common superior", "How often two actors have a nearest common one above them (1 is always)."),
    ),
    (
        "betweenness_directed",
        ("การเป็นทางผ่าน (ตามทิศ)", "แต่ละรายอยู่บนทางสั้นที่สุดตามทิศของสายระหว่างรายอื่นกี่คู่"),
        (
            "Lying between (along ties)",
            "For how many pairs of others an actor lies on the shortest way along the direction of ties.",
        ),
    ),
    (
        "centralization_betweenness_directed",
        ("การรวมศูนย์ของทางผ่าน (ตามทิศ)", "ทางผ่านทั้งหมดตกอยู่กับรายเดียวเพียงใด (0 ถึง 1)"),
        ("Centralization of lying between (along ties)", "How far all ways lead through one actor (0 to 1)."),
    ),
    (
        "strong_components",
        ("ส่วนที่ไปกลับถึงกัน", "จำนวนส่วนที่ทุกรายไปถึงกันและย้อนกลับได้ตามทิศของสาย"),
        (
            "Parts with a way there and back",
            "How many parts there are within which everyone reaches everyone along ties.",
        ),
    ),
    (
        "pagerank_weighted",
        ("ความสำคัญจากผู้ที่ผูกมา (PageRank)", "รายที่ได้รับสายจากผู้สำคัญย่อมสำคัญ ค่าทุกรายรวมกันเป็น 1"),
        (
            "Standing by who points at one (PageRank)",
            "Actors to whom those of standing are tied have standing; all values add up to 1.",
        ),
    ),
    (
        "constraint_unweighted",
        ("ความถูกล้อม (ไม่คิดน้ำหนัก)", "คนรู้จักของรายนี้รู้จักกันเองเพียงใด ค่ายิ่งสูงยิ่งไม่มีทางออกไปหากลุ่มใหม่"),
        (
            "Constraint (ties alike)",
            "How far an actor's contacts lead back to each other; high means few ways to anyone new.",
        ),
    ),
    (
        "constraint_weighted",
        ("ความถูกล้อม (คิดน้ำหนัก)", "เหมือนความถูกล้อม แต่สายที่แน่นกว่านับมากกว่า"),
        ("Constraint (by weight)", "The same, with stronger ties counting for more."),
    ),
    (
        "effective_size_unweighted",
        ("จำนวนคนรู้จักที่ไม่ซ้ำทาง", "คนรู้จักที่พาไปหาคนใหม่จริง หลังหักคนที่รู้จักกันเองอยู่แล้ว"),
        (
            "Contacts that do not repeat each other",
            "How many contacts lead somewhere new, less those who know each other already.",
        ),
    ),
    (
        "und_degree",
        ("จำนวนรายที่ผูกด้วย", "แต่ละรายผูกกับรายอื่นกี่ราย ไม่ว่าใครเป็นฝ่ายผูก"),
        ("Number of contacts", "How many others each is tied to, whichever side the tie is from."),
    ),
    (
        "und_centralization_degree",
        ("การรวมศูนย์ของสาย", "สายสัมพันธ์รวมอยู่ที่รายเดียวเพียงใด (0 เท่ากันทุกราย 1 เป็นรูปดาว)"),
        ("Centralization of ties", "How far ties gather at one actor (0 all alike, 1 a star)."),
    ),
    (
        "und_betweenness",
        ("การเป็นทางผ่าน", "แต่ละรายอยู่บนทางสั้นที่สุดระหว่างรายอื่นกี่คู่ ค่าสูงคือผู้เชื่อมหรือคอขวด"),
        (
            "Lying between",
            "For how many pairs of others an actor lies on the shortest way; high means a bridge or a bottleneck.",
        ),
    ),
    (
        "und_centralization_betweenness",
        ("การรวมศูนย์ของทางผ่าน", "การเป็นทางผ่านตกอยู่กับรายเดียวเพียงใด (0 ถึง 1)"),
        ("Centralization of lying between", "How far all ways lead through one actor (0 to 1)."),
    ),
    (
        "und_closeness",
        ("ความใกล้", "แต่ละรายอยู่ใกล้ทุกรายเพียงใด (1 คือผูกกับทุกรายโดยตรง) มีค่าเมื่อทั้งเครือข่ายเชื่อมถึงกัน"),
        (
            "Closeness",
            "How near an actor is to all others (1 is tied to each); only where all are connected.",
        ),
    ),
    (
        "und_centralization_closeness",
        ("การรวมศูนย์ของความใกล้", "มีรายเดียวที่ใกล้ทุกรายกว่าใครเพียงใด (0 ถึง 1)"),
        ("Centralization of closeness", "How far one actor alone is near to all (0 to 1)."),
    ),
    (
        "und_harmonic",
        ("ความใกล้แบบฮาร์มอนิก", "แต่ละรายไปถึงรายอื่นได้ใกล้เพียงใด รายที่ไปไม่ถึงนับเป็น 0 (1 คือผูกกับทุกราย)"),
        (
            "Harmonic closeness",
            "How near an actor is to others, those out of reach counting 0 (1 is tied to each).",
        ),
    ),
    (
        "und_eigenvector",
        ("ความโดดเด่นจากผู้ที่ผูกด้วย", "รายที่ผูกกับผู้โดดเด่นย่อมโดดเด่น (สูงสุดเป็น 1)"),
        (
            "Standing by contacts (eigenvector)",
            "Actors tied to those of standing have standing (the highest is 1).",
        ),
    ),
    (
        "und_core_number",
        ("ความลึกในแกน", "เลข k สูงสุดที่รายนี้อยู่ในกลุ่มซึ่งทุกรายผูกกันเองอย่างน้อย k ราย"),
        (
            "Depth in the core",
            "The greatest k for which an actor belongs to a group where each is tied to k others of it.",
        ),
    ),
    (
        "und_articulation_points",
        ("จุดขาด", "รายที่หากหายไป ส่วนหนึ่งของเครือข่ายจะหลุดจากกัน"),
        ("Cut points", "Actors without whom a part of the network would come off."),
    ),
    (
        "und_bridges",
        ("สายสะพาน", "สายที่หากขาด ส่วนหนึ่งของเครือข่ายจะหลุดจากกัน"),
        ("Bridges", "Ties without which a part of the network would come off."),
    ),
    (
        "und_biconnected_components",
        ("ส่วนที่ไม่พึ่งรายเดียว", "จำนวนส่วนที่ขาดใครไปรายเดียวก็ยังเชื่อมถึงกัน (สายสะพานนับเป็นหนึ่งส่วน)"),
        (
            "Parts that hang on nobody alone",
            "How many parts stay together when any one actor goes (a bridge counts as one).",
        ),
    ),
    (
        "weak_components",
        ("จำนวนส่วนที่แยกจากกัน", "เครือข่ายแยกเป็นกี่ส่วนที่ไม่มีทางถึงกันเลย รายที่ไม่มีสายนับเป็นหนึ่งส่วน"),
        ("Separate parts", "How many parts have no way between them; an actor without ties is a part alone."),
    ),
    (
        "largest_component",
        ("ส่วนที่ใหญ่ที่สุด", "จำนวนรายในส่วนที่ใหญ่ที่สุดซึ่งเชื่อมถึงกัน"),
        ("Largest part", "How many actors the largest connected part has."),
    ),
    (
        "und_transitivity_global",
        ("การรู้จักกันเป็นวง", "เมื่อสองรายมีคนรู้จักร่วม สองรายนั้นรู้จักกันเองบ่อยเพียงใด (0 ถึง 1)"),
        (
            "Closing of circles",
            "When two actors have a contact in common, how often they are tied themselves (0 to 1).",
        ),
    ),
    (
        "und_clustering_local",
        ("วงรอบแต่ละราย", "คนรู้จักของรายนี้รู้จักกันเองเพียงใด (0 ถึง 1)"),
        ("Circle around each", "How far an actor's contacts are tied to each other (0 to 1)."),
    ),
    (
        "und_clustering_average",
        ("วงรอบโดยเฉลี่ย", "ค่าเฉลี่ยของวงรอบแต่ละราย"),
        ("Average circle", "The mean of the circles around each actor."),
    ),
    (
        "und_mean_distance",
        ("ระยะห่างเฉลี่ย", "สองรายที่ไปถึงกันได้อยู่ห่างกันกี่สายโดยเฉลี่ย"),
        ("Mean distance", "How many ties lie between two connected actors on average."),
    ),
    (
        "und_diameter",
        ("ระยะห่างมากที่สุด", "สองรายที่ไปถึงกันได้แต่ไกลกันที่สุดห่างกันกี่สาย"),
        ("Greatest distance", "How many ties lie between the two connected actors furthest apart."),
    ),
    (
        "und_triangles",
        ("จำนวนวงสาม", "จำนวนกลุ่มสามรายที่ผูกกันครบทุกคู่"),
        ("Triangles", "How many groups of three are tied all round."),
    ),
    (
        "efficiency",
        ("ความไปมาถึงกันง่าย", "ค่าเฉลี่ยของ 1 หารระยะห่างของทุกคู่ (1 คือทุกคู่ผูกกันโดยตรง)"),
        ("Ease of reach", "The mean of one over the distance of all pairs (1 is all tied directly)."),
    ),
    (
        "fragmentation",
        ("ความแตกเป็นส่วน", "สัดส่วนของคู่ที่ไม่มีทางถึงกัน (0 คือเชื่อมถึงกันหมด)"),
        ("Fragmentation", "The share of pairs with no way between them (0 is all connected)."),
    ),
    (
        "fragmentation_distance",
        ("ความแตกเมื่อคิดระยะทาง", "เหมือนความแตกเป็นส่วน แต่คู่ที่อยู่ไกลกันนับว่าแตกไปบ้าง (0 คือทุกคู่ผูกกัน)"),
        (
            "Fragmentation by distance",
            "The same, with pairs far apart counting as partly cut off (0 is all tied directly).",
        ),
    ),
    (
        "best_single_removal",
        ("รายที่หากหายไปจะเสียหายที่สุด", "รายเดียวที่เมื่อไม่อยู่แล้ว เครือข่ายแตกจากกันมากที่สุด"),
        ("Greatest single loss", "The one actor without whom the network would fall apart most."),
    ),
    (
        "core_periphery_fit",
        ("ความเป็นแกนและรอบนอก", "เครือข่ายเหมือนมีแกนกลางหนึ่งแกนกับรอบนอกเพียงใด (1 คือเหมือนทุกประการ)"),
        (
            "Core and periphery",
            "How much the network looks like one core with a periphery (1 is exactly so).",
        ),
    ),
    (
        "und_modularity_weighted",
        ("ความเป็นชุมชนย่อย", "สายอยู่ภายในชุมชนย่อยที่พบมากกว่าที่จะเกิดโดยบังเอิญเพียงใด (เกิน 0.3 ถือว่าชัด)"),
        (
            "Strength of communities",
            "How far ties stay within the communities found, beyond chance (above 0.3 they are clear).",
        ),
    ),
    (
        "und_communities_weighted",
        ("ชุมชนย่อย", "กลุ่มที่ผูกกันเองแน่นกว่าผูกกับรายอื่น"),
        ("Communities", "Groups tied more among themselves than to others."),
    ),
    (
        "ei_index_arcs",
        ("สายข้ามกลุ่มเทียบในกลุ่ม", "−1 คือผูกแต่ในกลุ่ม 1 คือผูกแต่ข้ามกลุ่ม นับทุกสายตามทิศ"),
        (
            "Ties across groups against within",
            "−1 is only within groups, 1 only across; each tie counted with its direction.",
        ),
    ),
    (
        "ei_index_und",
        ("สายข้ามกลุ่มเทียบในกลุ่ม (ไม่คิดทิศ)", "−1 คือผูกแต่ในกลุ่ม 1 คือผูกแต่ข้ามกลุ่ม"),
        ("Ties across groups against within (whichever way)", "−1 is only within groups, 1 only across."),
    ),
    (
        "ei_index_node_und",
        ("สายข้ามกลุ่มของแต่ละราย", "−1 คือรายนี้ผูกแต่กับกลุ่มตน 1 คือผูกแต่กับกลุ่มอื่น"),
        ("Ties across groups of each", "−1 is tied to the own group only, 1 to other groups only."),
    ),
    (
        "ei_expected",
        ("สายข้ามกลุ่มที่คาดตามขนาดกลุ่ม", "ค่าที่จะได้หากผูกกันโดยไม่สนใจกลุ่ม ใช้เทียบกับค่าจริง"),
        (
            "Expected from the sizes of groups",
            "What the figure would be if ties took no heed of groups; compare with the true one.",
        ),
    ),
    (
        "ei_p",
        ("โอกาสที่จะเกิดโดยบังเอิญ", "หากสลับกลุ่มแบบสุ่ม จะได้ค่าห่างจากที่คาดเท่านี้บ่อยเพียงใด (ต่ำกว่า 0.05 คือไม่น่าบังเอิญ)"),
        (
            "Chance of being so by accident",
            "How often groups dealt at random would be as far from the expected (below 0.05 is unlikely).",
        ),
    ),
    (
        "assortativity_und",
        ("การเลือกผูกกับพวกเดียวกัน", "1 คือผูกแต่กับพวกเดียวกัน 0 คือไม่เลือก ติดลบคือเลือกต่างพวก"),
        ("Like tied to like", "1 is only to one's like, 0 no heed, below 0 rather to others."),
    ),
    (
        "modularity_und",
        ("กลุ่มนี้แบ่งเครือข่ายได้ดีเพียงใด", "สายอยู่ภายในกลุ่มที่ให้มามากกว่าที่จะเกิดโดยบังเอิญเพียงใด"),
        (
            "How well these groups part the network",
            "How far ties stay within the groups given, beyond chance.",
        ),
    ),
    (
        "brokerage",
        ("บทบาทตัวกลาง", "แต่ละรายเป็นตัวกลางให้สองรายที่ไม่ผูกกันกี่ครั้ง แยกตามกลุ่มของทั้งสามฝ่าย"),
        (
            "Roles between groups",
            "How often each stands between two who are not tied, by the groups of all three.",
        ),
    ),
    (
        "agreement",
        ("ความเห็นพ้อง", "คำตอบ 1 ถึง 5 ตรงกันเพียงใด (1 ตรงกันหมด 0 กระจายเท่ากัน −1 แตกเป็นสองขั้ว)"),
        ("Agreement", "How far answers of 1 to 5 agree (1 all the same, 0 spread evenly, −1 split in two)."),
    ),
    (
        "gini",
        ("ความเหลื่อมล้ำ", "ค่านี้กระจายไม่เท่ากันเพียงใด (0 เท่ากันทุกราย 1 อยู่กับรายเดียว)"),
        ("Inequality", "How unevenly this is spread (0 all alike, 1 one has all)."),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_has_words_in_both_languages() {
        for measure in graph::measures::MEASURES {
            for lang in [Lang::Thai, Lang::English] {
                let words =
                    words(measure.name, lang).unwrap_or_else(|| panic!("no words for {}", measure.name));
                assert!(!words.title.is_empty() && !words.meaning.is_empty());
            }
        }
        assert_eq!(WORDS.len(), graph::measures::MEASURES.len());
    }
}
