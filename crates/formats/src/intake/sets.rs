//! Which of many belong together: disjoint sets with path halving (Galler and Fischer 1964; Tarjan and van Leeuwen
//! 1984). The root is always the first of a set.

/// Disjoint sets of the numbers below a size.
#[derive(Debug, Clone)]
pub struct Sets {
    parents: Vec<usize>,
}

impl Sets {
    /// Each number alone.
    #[must_use]
    pub fn new(size: usize) -> Self {
        Self { parents: (0..size).collect() }
    }

    /// The smallest number of a set.
    pub fn root(&mut self, at: usize) -> usize {
        let mut at = at;
        loop {
            let parent = self.parent(at);
            if parent == at {
                return at;
            }
            let above = self.parent(parent);
            if let Some(place) = self.parents.get_mut(at) {
                *place = above;
            }
            at = above;
        }
    }

    fn parent(&self, at: usize) -> usize {
        self.parents.get(at).copied().unwrap_or(at)
    }

    /// Makes two sets one.
    pub fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(place) = self.parents.get_mut(a.max(b)) {
            *place = a.min(b);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_stands_for_its_set() {
        let mut sets = Sets::new(6);
        sets.join(4, 2);
        sets.join(5, 4);
        assert_eq!((0..6).map(|at| sets.root(at)).collect::<Vec<_>>(), [0, 1, 2, 3, 2, 2]);
    }
}
