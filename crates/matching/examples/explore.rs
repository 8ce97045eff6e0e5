use matching::features::features;
use matching::text::analyze;
use matching::training::*;
use matching::*;
fn load(dir: &str) -> Vec<Example> {
    let mut v = vec![];
    let mut fs: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "tsv"))
        .collect();
    fs.sort();
    for f in fs {
        match read_examples(&std::fs::read_to_string(&f).unwrap()) {
            Ok(x) => v.extend(x),
            Err(e) => eprintln!("{f:?} {e}"),
        }
    }
    v
}
fn eval(name: &str, m: &Trained, test: &[Example]) {
    for lang in [None, Some(thai::Lang::Thai), Some(thai::Lang::English)] {
        let (mut n, mut t1, mut t3) = (0, 0, 0);
        for e in test.iter().filter(|e| lang.is_none_or(|l| l == e.lang)) {
            let l = m.logits(&features(&analyze(&e.text)));
            let mut o: Vec<usize> = (0..l.len()).collect();
            o.sort_by(|a, b| l[*b].total_cmp(&l[*a]));
            n += 1;
            if o[0] == e.category.index() {
                t1 += 1
            }
            if o[..3].contains(&e.category.index()) {
                t3 += 1
            }
        }
        println!(
            "{name} {lang:?} n={n} top1 {:.3} top3 {:.3}",
            t1 as f64 / n.max(1) as f64,
            t3 as f64 / n.max(1) as f64
        );
    }
}
fn main() {
    let base = concat!(env!("CARGO_MANIFEST_DIR"), "/training/");
    let a = load(&format!("{base}batch-a"));
    let b = load(&format!("{base}batch-b"));
    let c = load(&format!("{base}batch-c"));
    println!("a {} b {} c {}", a.len(), b.len(), c.len());
    let ca: std::collections::HashSet<_> = a.iter().map(|e| e.category).collect();
    let cb: std::collections::HashSet<_> = b.iter().map(|e| e.category).collect();
    let args: Vec<f32> = std::env::args().skip(1).map(|x| x.parse().unwrap()).collect();
    let s = Settings {
        epochs: args.first().map_or(20, |x| *x as usize),
        rate: *args.get(1).unwrap_or(&0.5),
        decay: *args.get(2).unwrap_or(&1e-6),
        least: args.get(3).map_or(2, |x| *x as usize),
    };
    let usec = args.get(4).is_none_or(|x| *x > 0.0);
    let dev: Vec<Example> = if let Ok(p) = std::env::var("DEV") {
        std::fs::read_to_string(p)
            .unwrap()
            .lines()
            .map(|l| {
                let v: serde_json::Value = serde_json::from_str(l).unwrap();
                Example {
                    category: Taxonomy::built_in().find(v["gold_category"].as_str().unwrap()).unwrap(),
                    lang: thai::Lang::from_tag(v["lang"].as_str().unwrap()).unwrap(),
                    text: v["text"].as_str().unwrap().into(),
                }
            })
            .collect()
    } else {
        vec![]
    };
    for (name, tr, te, cats) in [("A->B", &a, &b, &ca), ("B->A", &b, &a, &cb)] {
        let mut t = taxonomy_examples();
        if usec {
            t.extend(c.clone());
        }
        t.extend(tr.clone());
        let t0 = std::time::Instant::now();
        let m = train(&t, s);
        println!("train {} rows {} in {:?}", t.len(), m.rows.len(), t0.elapsed());
        let te: Vec<Example> = te.iter().filter(|e| cats.contains(&e.category)).cloned().collect();
        eval(name, &m, &te);
    }
    if !dev.is_empty() {
        let mut t = taxonomy_examples();
        if usec {
            t.extend(c.clone());
        }
        t.extend(a.clone());
        t.extend(b.clone());
        let m = train(&t, s);
        let (o, n) = dev.split_at(60);
        eval("dev first half", &m, o);
        eval("dev second half", &m, n);
    }
}
