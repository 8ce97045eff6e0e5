//! Islands brought to the largest component, by two ties each between different actors on both sides: then neither
//! the island nor anyone in it hangs on one actor or one tie that was not there before.

#![expect(
    clippy::indexing_slicing,
    reason = "actors are numbered from 0 and every list is as long as they are many"
)]

use super::aims::Network;

/// How many of each side are weighed as ends.
const MAIN_ENDS: usize = 24;
const ISLAND_ENDS: usize = 8;

impl Network<'_> {
    /// Ties the largest islands first, each where both ties together bring most efficiency. An odd one at the end
    /// of those asked for is left over, as one tie alone would be a new bridge.
    pub fn islands(mut self) -> Vec<(u32, u32, f64)> {
        let mut pieces = pieces(&self.neighbors);
        if pieces.is_empty() {
            return self.chosen;
        }
        let mut main = pieces.remove(0);
        for island in pieces {
            if self.chosen.len() + 2 > self.wish.count {
                break;
            }
            let Some((first, second)) = self.two_ties(&main, &island) else { continue };
            self.introduce(first.0, first.1);
            self.introduce(second.0, second.1);
            main.extend(island);
        }
        self.chosen
    }

    /// The two best ties, the second chosen when the first is made.
    fn two_ties(&mut self, main: &[u32], island: &[u32]) -> Option<((u32, u32), (u32, u32))> {
        // an actor alone takes both ties; so does a largest component of one
        let (main_needs, island_needs) =
            (1 + usize::from(main.len() == 1), 1 + usize::from(island.len() == 1));
        if main.len() == 1 && island.len() == 1 {
            return None;
        }
        let main_ends = self.ends(main, main_needs, MAIN_ENDS);
        let island_ends = self.ends(island, island_needs, ISLAND_ENDS);
        let mut firsts = Vec::new();
        for &a in &main_ends {
            for &b in &island_ends {
                // between components the bound is the gain
                firsts.push((self.reach.bound(a, b), a, b));
            }
        }
        firsts.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
        let &(_, a, b) = firsts.first()?;
        // what the first tie would leave to gain: far from its ends on both sides
        let (mut best, mut most) = (None, -1.0);
        for &(gain, c, d) in &firsts {
            let same_main = c == a && main.len() > 1;
            let same_island = d == b && island.len() > 1;
            if same_main || same_island {
                continue;
            }
            let spread = self.apart(a, c) + self.apart(b, d);
            let value = gain * (1.0 + 0.1 * spread);
            if value > most {
                (best, most) = (Some((c, d)), value);
            }
        }
        best.map(|second| ((a, b), second))
    }

    /// Pairs of the nearest to all others, of the largest component and of each of the next largest.
    pub fn between_pieces(&self) -> Vec<(u32, u32)> {
        let pieces = pieces(&self.neighbors);
        let Some((main, islands)) = pieces.split_first() else { return Vec::new() };
        let main_ends = self.ends(main, 1, MAIN_ENDS);
        let mut pairs = Vec::new();
        for island in islands.iter().take(100) {
            for b in self.ends(island, 1, 3) {
                pairs.extend(main_ends.iter().map(|&a| (a.min(b), a.max(b))));
            }
        }
        pairs
    }

    fn apart(&self, a: u32, b: u32) -> f64 {
        self.reach.between(a, b).map_or(0.0, f64::from).min(10.0)
    }

    /// Actors nearest to all others of their piece who may take so many ties more.
    fn ends(&self, piece: &[u32], needs: usize, most: usize) -> Vec<u32> {
        let able = |actor: &u32| self.used[*actor as usize] + needs <= self.wish.per_actor;
        let mut ends: Vec<(f64, u32)> =
            piece.iter().copied().filter(able).map(|actor| (self.reach.closeness(actor), actor)).collect();
        ends.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
        ends.into_iter().take(most).map(|(_, actor)| actor).collect()
    }
}

/// The components, the largest first, of the same size in the order of their first actors.
fn pieces(neighbors: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let mut seen = vec![false; neighbors.len()];
    let mut pieces = Vec::new();
    for root in 0..neighbors.len() as u32 {
        if std::mem::replace(&mut seen[root as usize], true) {
            continue;
        }
        let mut piece = vec![root];
        let mut next = 0;
        while let Some(&at) = piece.get(next) {
            next += 1;
            for &other in &neighbors[at as usize] {
                if !std::mem::replace(&mut seen[other as usize], true) {
                    piece.push(other);
                }
            }
        }
        pieces.push(piece);
    }
    pieces.sort_by_key(|piece| std::cmp::Reverse(piece.len()));
    pieces
}
