//! Components side by side, and who is nearest to whom on a map.

#![expect(clippy::indexing_slicing, reason = "cells are made for the bounds of the points they hold")]

use super::Point;

/// Room around a component: so much, and most of its own size, so that its members are nearer to one another than to
/// strangers.
const GAP: f32 = 1.5;

type Piece = (Vec<u32>, Vec<Point>);

/// Moves components apart: the largest in the middle, the others, in rows of falling height, below it.
pub(super) fn pack(pieces: &mut [Piece]) {
    let Some((largest, rest)) = pieces.split_first_mut() else { return };
    center(&mut largest.1);
    let (low, high) = bounds(&largest.1);
    rows(rest, low[0], (high[0] - low[0]).max(20.0), high[1] + GAP + (high[1] - low[1]) / 10.0);
}

/// Moves new components below all that is there.
pub(super) fn pack_beside(pieces: &mut [Piece], taken: &[Point]) {
    let (low, high) = bounds(taken);
    rows(pieces, low[0], (high[0] - low[0]).max(20.0), high[1] + GAP + (high[1] - low[1]) / 10.0);
}

/// Sets pieces in rows from a top left corner, wide enough that all together come out about as wide as high.
fn rows(pieces: &mut [Piece], left: f32, width: f32, top: f32) {
    let room = |points: &[Point]| {
        let (wide, high) = size(points);
        let around = GAP + wide.max(high) * 0.8;
        (wide + around, high + around)
    };
    let area: f32 = pieces.iter().map(|(_, points)| room(points)).map(|(x, y)| x * y).sum();
    let width = width.max(area.sqrt());
    let (mut x, mut y, mut height) = (left, top, 0.0_f32);
    for (_, points) in pieces {
        let (wide, high) = room(points);
        if x > left && x + wide > left + width {
            (x, y, height) = (left, y + height, 0.0);
        }
        let (low, _) = bounds(points);
        for point in points.iter_mut() {
            *point = [point[0] - low[0] + x, point[1] - low[1] + y];
        }
        x += wide;
        height = height.max(high);
    }
}

fn center(points: &mut [Point]) {
    let many = points.len().max(1) as f32;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), p| (x + p[0] / many, y + p[1] / many));
    points.iter_mut().for_each(|point| *point = [point[0] - x, point[1] - y]);
}

fn size(points: &[Point]) -> (f32, f32) {
    let (low, high) = bounds(points);
    (high[0] - low[0], high[1] - low[1])
}

fn bounds(points: &[Point]) -> (Point, Point) {
    let Some(&first) = points.first() else { return ([0.0; 2], [0.0; 2]) };
    points.iter().fold((first, first), |(low, high), p| {
        ([low[0].min(p[0]), low[1].min(p[1])], [high[0].max(p[0]), high[1].max(p[1])])
    })
}

/// For each point the `k` nearest others, nearest first; of those as near, the lower number.
pub(super) fn nearest(points: &[Point], k: usize) -> Vec<Vec<u32>> {
    let grid = Grid::new(points, k);
    (0..points.len()).map(|at| grid.nearest(points, at, k)).collect()
}

/// Points by square cells, a few points a cell.
struct Grid {
    low: Point,
    cell: f32,
    across: usize,
    down: usize,
    starts: Vec<usize>,
    order: Vec<u32>,
}

impl Grid {
    fn new(points: &[Point], k: usize) -> Self {
        let (low, high) = bounds(points);
        let area = ((high[0] - low[0]) * (high[1] - low[1])).max(1e-6);
        let wanted = (area * k as f32 / 2.0 / points.len().max(1) as f32).sqrt();
        // a thin map must not make more cells than points
        let longest = (high[0] - low[0]).max(high[1] - low[1]);
        let cell = wanted.max(longest / (points.len().max(1) as f32)).max(1e-6);
        let across = ((high[0] - low[0]) / cell) as usize + 1;
        let down = ((high[1] - low[1]) / cell) as usize + 1;
        let mut grid =
            Self { low, cell, across, down, starts: vec![0; across * down + 1], order: Vec::new() };
        let cells: Vec<usize> = points.iter().map(|&point| grid.cell_of(point)).collect();
        for &cell in &cells {
            grid.starts[cell + 1] += 1;
        }
        for cell in 0..across * down {
            grid.starts[cell + 1] += grid.starts[cell];
        }
        let mut next = grid.starts.clone();
        grid.order = vec![0; points.len()];
        for (at, &cell) in cells.iter().enumerate() {
            grid.order[next[cell]] = at as u32;
            next[cell] += 1;
        }
        grid
    }

    fn column_and_row(&self, point: Point) -> (usize, usize) {
        let column = (((point[0] - self.low[0]) / self.cell) as usize).min(self.across - 1);
        (column, (((point[1] - self.low[1]) / self.cell) as usize).min(self.down - 1))
    }

    fn cell_of(&self, point: Point) -> usize {
        let (column, row) = self.column_and_row(point);
        row * self.across + column
    }

    fn nearest(&self, points: &[Point], at: usize, k: usize) -> Vec<u32> {
        let (column, row) = self.column_and_row(points[at]);
        let mut found: Vec<(f32, u32)> = Vec::new();
        for ring in 0..self.across.max(self.down) + 1 {
            self.look_at_ring(points, at, (column, row, ring), &mut found);
            // all within `ring` cells have been seen
            let certain = self.cell * ring as f32;
            let within = found.iter().filter(|(square, _)| *square <= certain * certain).count();
            if within >= k {
                break;
            }
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        found.into_iter().take(k).map(|(_, other)| other).collect()
    }

    fn look_at_ring(
        &self,
        points: &[Point],
        at: usize,
        (column, row, ring): (usize, usize, usize),
        found: &mut Vec<(f32, u32)>,
    ) {
        for y in row.saturating_sub(ring)..=(row + ring).min(self.down - 1) {
            for x in column.saturating_sub(ring)..=(column + ring).min(self.across - 1) {
                if x.abs_diff(column).max(y.abs_diff(row)) != ring {
                    continue;
                }
                let cell = y * self.across + x;
                for &other in &self.order[self.starts[cell]..self.starts[cell + 1]] {
                    if other as usize != at {
                        let (p, q) = (points[at], points[other as usize]);
                        found.push(((p[0] - q[0]).powi(2) + (p[1] - q[1]).powi(2), other));
                    }
                }
            }
        }
    }
}
