//! The layout of a network without coordinates.
//!
//! The method is pivot multidimensional scaling: graph distances from some pivots are doubly
//! centered and projected on their two dominant directions. A few sweeps then move neighbors to
//! equal distances and separate crowded buses. The method is deterministic, and fast for tens of
//! thousands of buses.

use std::collections::{HashMap, VecDeque};

const PIVOTS: usize = 60;
const SWEEPS: usize = 120;

/// Returns coordinates in the unit square for each node of a graph, which is given by the neighbors
/// of each node.
#[must_use]
pub fn layout(neighbours: &[Vec<usize>]) -> Vec<(f64, f64)> {
    let n = neighbours.len();
    if n < 3 {
        return (0..n).map(|i| (0.25 + 0.5 * i as f64, 0.5)).collect();
    }
    let mut points = scale(&project(&pivot_distances(neighbours)));
    relax(&mut points, neighbours);
    scale(&points)
}

/// Computes the distances from each pivot to each node. The next pivot is the node farthest from
/// the previous ones.
fn pivot_distances(neighbours: &[Vec<usize>]) -> Vec<Vec<f64>> {
    let n = neighbours.len();
    let mut nearest = vec![usize::MAX; n];
    let mut pivot = 0;
    let mut all = Vec::new();
    for _ in 0..PIVOTS.min(n) {
        let mut distance = vec![usize::MAX; n];
        let mut queue = VecDeque::from([pivot]);
        distance[pivot] = 0;
        while let Some(i) = queue.pop_front() {
            for &j in &neighbours[i] {
                if distance[j] == usize::MAX {
                    distance[j] = distance[i] + 1;
                    queue.push_back(j);
                }
            }
        }
        // The distance to another connected component is the diameter of this one.
        let wide = distance.iter().filter(|&&d| d != usize::MAX).max().copied().unwrap_or(0) + 2;
        for (near, d) in nearest.iter_mut().zip(&mut distance) {
            *d = (*d).min(wide);
            *near = (*near).min(*d);
        }
        pivot = (0..n).max_by_key(|&i| (nearest[i], n - i)).unwrap_or(0);
        all.push(distance.iter().map(|&d| d as f64).collect());
    }
    all
}

/// Computes the two dominant directions of the doubly centered squared distances.
fn project(distances: &[Vec<f64>]) -> Vec<(f64, f64)> {
    let (k, n) = (distances.len(), distances[0].len());
    let mut c: Vec<Vec<f64>> =
        distances.iter().map(|row| row.iter().map(|d| -0.5 * d * d).collect()).collect();
    let column: Vec<f64> = (0..n).map(|i| c.iter().map(|r| r[i]).sum::<f64>() / k as f64).collect();
    let grand = column.iter().sum::<f64>() / n as f64;
    for row in &mut c {
        let mean = row.iter().sum::<f64>() / n as f64;
        for (value, column) in row.iter_mut().zip(&column) {
            *value += grand - mean - column;
        }
    }
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let gram: Vec<Vec<f64>> = c.iter().map(|a| c.iter().map(|b| dot(a, b)).collect()).collect();
    let mut axes: Vec<Vec<f64>> = Vec::new();
    for axis in 0..2 {
        let mut v: Vec<f64> = (0..k).map(|i| 1.0 + ((i * 7 + axis * 3) % 11) as f64).collect();
        for _ in 0..200 {
            let mut w: Vec<f64> = gram.iter().map(|row| dot(row, &v)).collect();
            for earlier in &axes {
                let overlap = dot(&w, earlier);
                w.iter_mut().zip(earlier).for_each(|(w, e)| *w -= overlap * e);
            }
            let length = dot(&w, &w).sqrt().max(1e-300);
            v = w.iter().map(|x| x / length).collect();
        }
        axes.push(v);
    }
    let on = |axis: &[f64], i: usize| c.iter().zip(axis).map(|(row, a)| row[i] * a).sum::<f64>();
    (0..n).map(|i| (on(&axes[0], i), on(&axes[1], i))).collect()
}

/// Scales the points to the unit square, each direction separately.
fn scale(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let range = |get: fn(&(f64, f64)) -> f64| {
        let (low, high) =
            points.iter().map(get).fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
        (low, (high - low).max(1e-12))
    };
    let ((x0, dx), (y0, dy)) = (range(|p| p.0), range(|p| p.1));
    points.iter().map(|&(x, y)| ((x - x0) / dx, (y - y0) / dy)).collect()
}

/// Applies springs between neighbors, and repulsion between close nodes, which are found with a
/// grid of cells.
fn relax(points: &mut [(f64, f64)], neighbours: &[Vec<usize>]) {
    let n = points.len();
    let length = 1.2 / (n as f64).sqrt();
    // Coincident points (buses connected to the same bus) are separated first.
    for (i, p) in points.iter_mut().enumerate() {
        let angle = i as f64 * 2.399_963;
        p.0 += 0.15 * length * angle.cos();
        p.1 += 0.15 * length * angle.sin();
    }
    for sweep in 0..SWEEPS {
        let step = 0.5 * length * (1.0 - sweep as f64 / SWEEPS as f64) + 0.01 * length;
        let cell = |p: &(f64, f64)| ((p.0 / length).floor() as i64, (p.1 / length).floor() as i64);
        let mut cells: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
        for (i, p) in points.iter().enumerate() {
            cells.entry(cell(p)).or_default().push(i);
        }
        let forces: Vec<(f64, f64)> = (0..n)
            .map(|i| {
                let here = points[i];
                let (mut fx, mut fy) = (0.0, 0.0);
                let mut add = |other: (f64, f64), strength: &dyn Fn(f64) -> f64| {
                    let (dx, dy) = (here.0 - other.0, here.1 - other.1);
                    let d = dx.hypot(dy).max(1e-9);
                    let s = strength(d) / d;
                    fx += s * dx;
                    fy += s * dy;
                };
                let (cx, cy) = cell(&here);
                for key in (-1..=1).flat_map(|a| (-1..=1).map(move |b| (cx + a, cy + b))) {
                    for &j in cells.get(&key).into_iter().flatten().filter(|&&j| j != i) {
                        add(points[j], &|d| (length / d.max(0.1 * length) - 1.0).max(0.0));
                    }
                }
                for &j in &neighbours[i] {
                    add(points[j], &|d| -((d / length) - 0.6).clamp(-1.0, 4.0));
                }
                (fx, fy)
            })
            .collect();
        for (p, (fx, fy)) in points.iter_mut().zip(forces) {
            let size = fx.hypot(fy);
            let limit = if size > 0.0 { step * (size / (1.0 + size)) / size } else { 0.0 };
            p.0 += fx * limit;
            p.1 += fy * limit;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::layout;

    #[test]
    fn neighbors_of_a_grid_stay_close() {
        let (nx, ny) = (12_usize, 9_usize);
        let mut neighbours = vec![Vec::new(); nx * ny];
        let mut join = |a: usize, b: usize| {
            neighbours[a].push(b);
            neighbours[b].push(a);
        };
        for y in 0..ny {
            for x in 0..nx {
                if x + 1 < nx {
                    join(y * nx + x, y * nx + x + 1);
                }
                if y + 1 < ny {
                    join(y * nx + x, (y + 1) * nx + x);
                }
            }
        }
        let p = layout(&neighbours);
        let distance = |a: usize, b: usize| (p[a].0 - p[b].0).hypot(p[a].1 - p[b].1);
        let pairs =
            neighbours.iter().enumerate().flat_map(|(i, list)| list.iter().map(move |&j| (i, j)));
        let longest = pairs.map(|(i, j)| distance(i, j)).fold(0.0, f64::max);
        // The distance between two corners of the grid, compared with the longest line.
        assert!(distance(0, nx * ny - 1) > 4.0 * longest, "{longest}");
        assert!(p.iter().all(|p| (0.0..=1.0).contains(&p.0) && (0.0..=1.0).contains(&p.1)));
    }
}
