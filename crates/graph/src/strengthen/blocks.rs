//! Blocks and articulation points as a tree: which of them a new tie would put on a cycle.
//!
//! A tie between two actors makes one block of all blocks on the way between them in the tree (Eswaran and Tarjan
//! 1976). An articulation point on the way that joins only two blocks is one no more; a bridge on the way is one no
//! more.

#![expect(clippy::indexing_slicing, reason = "actors and tree nodes are numbered from 0 and made here")]

const NONE: u32 = u32::MAX;

/// The tree of blocks and articulation points of each component.
#[derive(Debug)]
pub(super) struct Blocks {
    /// Of each actor: its own node if it is an articulation point, else that of its block; none without ties.
    node_of: Vec<u32>,
    is_point: Vec<bool>,
    parent: Vec<u32>,
    depth: Vec<u32>,
    /// What putting the node on a cycle is worth.
    worth: Vec<f64>,
    /// Sum of worth from the root to the node.
    from_root: Vec<f64>,
    component: Vec<u32>,
    leaves: Vec<Vec<u32>>,
}

/// An articulation point that is one no more; a bridge; and a step toward it where more blocks meet.
const POINT: f64 = 1.0;
const BRIDGE: f64 = 0.2;
const STEP: f64 = 0.4;

impl Blocks {
    pub fn new(neighbors: &[Vec<u32>]) -> Self {
        let blocks = found(neighbors);
        let actors = neighbors.len();
        let mut in_blocks = vec![0_u32; actors];
        for block in &blocks {
            for &actor in block {
                in_blocks[actor as usize] += 1;
            }
        }
        let is_point: Vec<bool> = in_blocks.iter().map(|&many| many > 1).collect();
        let mut node_of = vec![NONE; actors];
        let mut nodes = blocks.len() as u32;
        let mut worth: Vec<f64> =
            blocks.iter().map(|block| if block.len() == 2 { BRIDGE } else { 0.0 }).collect();
        for actor in 0..actors {
            if is_point[actor] {
                node_of[actor] = nodes;
                nodes += 1;
                worth.push(match in_blocks[actor] {
                    2 => POINT,
                    more => STEP / f64::from(more - 2),
                });
            }
        }
        let mut joined = vec![Vec::new(); nodes as usize];
        let mut leaves = Vec::new();
        for (block, members) in blocks.iter().enumerate() {
            let points: Vec<u32> = members.iter().copied().filter(|&a| is_point[a as usize]).collect();
            for &actor in &points {
                joined[block].push(node_of[actor as usize]);
                joined[node_of[actor as usize] as usize].push(block as u32);
            }
            let inner: Vec<u32> = members.iter().copied().filter(|&a| !is_point[a as usize]).collect();
            for &actor in &inner {
                node_of[actor as usize] = block as u32;
            }
            if points.len() == 1 {
                leaves.push(inner);
            }
        }
        let mut tree = Self {
            node_of,
            is_point,
            parent: vec![NONE; nodes as usize],
            depth: vec![0; nodes as usize],
            from_root: worth.clone(),
            worth,
            component: vec![NONE; nodes as usize],
            leaves,
        };
        tree.hang(&joined);
        tree
    }

    fn hang(&mut self, joined: &[Vec<u32>]) {
        let mut stack = Vec::new();
        for root in 0..joined.len() as u32 {
            if self.component[root as usize] != NONE {
                continue;
            }
            self.component[root as usize] = root;
            stack.push(root);
            while let Some(at) = stack.pop() {
                for &next in &joined[at as usize] {
                    if self.component[next as usize] != NONE {
                        continue;
                    }
                    self.component[next as usize] = root;
                    self.parent[next as usize] = at;
                    self.depth[next as usize] = self.depth[at as usize] + 1;
                    self.from_root[next as usize] += self.from_root[at as usize];
                    stack.push(next);
                }
            }
        }
    }

    /// The actors of each block that hangs on one articulation point only, without that point.
    pub fn leaves(&self) -> &[Vec<u32>] {
        &self.leaves
    }

    /// What a tie between two actors would be worth; 0 between components, where it would be a new bridge.
    pub fn worth(&self, a: u32, b: u32) -> f64 {
        let (from, to) = (self.node_of[a as usize], self.node_of[b as usize]);
        if from == NONE
            || to == NONE
            || from == to
            || self.component[from as usize] != self.component[to as usize]
        {
            return 0.0;
        }
        let (mut x, mut y) = (from, to);
        while x != y {
            if self.depth[x as usize] >= self.depth[y as usize] {
                x = self.parent[x as usize];
            } else {
                y = self.parent[y as usize];
            }
        }
        let meet = x as usize;
        let mut sum = self.from_root[from as usize] + self.from_root[to as usize]
            - 2.0 * self.from_root[meet]
            + self.worth[meet];
        // an end that is an articulation point stays one
        for (actor, node) in [(a, from), (b, to)] {
            if self.is_point[actor as usize] {
                sum -= self.worth[node as usize];
            }
        }
        sum
    }
}

/// The actors of each block, found in one depth-first pass without recursion (Hopcroft and Tarjan 1973).
fn found(neighbors: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let actors = neighbors.len();
    let mut blocks = Vec::new();
    let mut seen = vec![NONE; actors];
    let mut low = vec![NONE; actors];
    let mut count = 0;
    let mut open: Vec<u32> = Vec::new();
    // actor, its parent, the next neighbor to look at
    let mut path: Vec<(u32, u32, usize)> = Vec::new();
    for root in 0..actors as u32 {
        if seen[root as usize] != NONE {
            continue;
        }
        path.push((root, NONE, 0));
        while let Some((actor, parent, next)) = path.pop() {
            let at = actor as usize;
            if next == 0 {
                seen[at] = count;
                low[at] = count;
                count += 1;
                open.push(actor);
            }
            if let Some(&other) = neighbors[at].get(next) {
                path.push((actor, parent, next + 1));
                if seen[other as usize] == NONE {
                    path.push((other, actor, 0));
                } else if other != parent {
                    low[at] = low[at].min(seen[other as usize]);
                }
                continue;
            }
            if parent == NONE {
                open.clear();
                continue;
            }
            let above = parent as usize;
            low[above] = low[above].min(low[at]);
            if low[at] >= seen[above] {
                let mut block = vec![parent];
                while let Some(member) = open.pop() {
                    block.push(member);
                    if member == actor {
                        break;
                    }
                }
                block.sort_unstable();
                blocks.push(block);
            }
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(actors: usize, ties: &[(u32, u32)]) -> Blocks {
        let mut neighbors = vec![Vec::new(); actors];
        for &(a, b) in ties {
            neighbors[a as usize].push(b);
            neighbors[b as usize].push(a);
        }
        Blocks::new(&neighbors)
    }

    #[test]
    fn closing_a_path_mends_all_that_lies_between() {
        let path = tree(5, &[(0, 1), (1, 2), (2, 3), (3, 4)]);
        assert!((path.worth(0, 4) - (3.0 * POINT + 4.0 * BRIDGE)).abs() < 1e-12);
        // from a point, which stays one
        assert!((path.worth(1, 4) - (2.0 * POINT + 3.0 * BRIDGE)).abs() < 1e-12);
        assert_eq!(path.leaves().len(), 2);
    }

    #[test]
    fn inside_a_block_and_between_components_there_is_nothing_to_mend() {
        let two = tree(7, &[(0, 1), (1, 2), (2, 3), (3, 0), (4, 5)]);
        assert_eq!(two.worth(0, 2), 0.0);
        assert_eq!(two.worth(0, 4), 0.0);
        assert_eq!(two.worth(0, 6), 0.0);
    }

    #[test]
    fn two_leaves_of_a_star_are_a_step_only() {
        let star = tree(4, &[(0, 1), (0, 2), (0, 3)]);
        assert!((star.worth(1, 2) - (STEP + 2.0 * BRIDGE)).abs() < 1e-12);
    }
}
