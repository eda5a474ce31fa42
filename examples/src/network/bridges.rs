//! Bridges: lines without which the network is disconnected.

use super::DcModel;

/// Returns for each line whether it is a bridge, that is, whether its removal disconnects its ends.
/// Parallel circuits are not bridges.
///
/// The method is Tarjan's algorithm on the multigraph, without recursion. A tree edge is a bridge
/// if no other line connects the subtree below it with the buses above it.
#[must_use]
pub fn bridges(model: &DcModel) -> Vec<bool> {
    const UNSEEN: usize = usize::MAX;
    let neighbours = model.neighbours();
    let mut is_bridge = vec![false; model.lines.len()];
    let mut entered = vec![UNSEEN; model.buses];
    let mut lowest = vec![UNSEEN; model.buses];
    let mut clock = 0;
    for root in 0..model.buses {
        if entered[root] != UNSEEN {
            continue;
        }
        // Bus, line from which it was reached, next neighbor.
        let mut stack = vec![(root, UNSEEN, 0)];
        (entered[root], lowest[root]) = (clock, clock);
        clock += 1;
        while let Some((bus, by, next)) = stack.last_mut() {
            let (bus, by) = (*bus, *by);
            if let Some(&(line, other)) = neighbours[bus].get(*next) {
                *next += 1;
                if line == by {
                    continue;
                }
                if entered[other] == UNSEEN {
                    (entered[other], lowest[other]) = (clock, clock);
                    clock += 1;
                    stack.push((other, line, 0));
                } else {
                    lowest[bus] = lowest[bus].min(entered[other]);
                }
            } else {
                stack.pop();
                if let Some(&(parent, _, _)) = stack.last() {
                    lowest[parent] = lowest[parent].min(lowest[bus]);
                    is_bridge[by] = lowest[bus] > entered[parent];
                }
            }
        }
    }
    is_bridge
}

#[cfg(test)]
mod tests {
    use super::super::Line;
    use super::*;

    fn network(buses: usize, edges: &[(usize, usize)]) -> DcModel {
        let line = |(branch, &(from, to)): (usize, &(usize, usize))| Line {
            branch,
            from,
            to,
            susceptance: 1.0,
            shift: 0.0,
            rating: None,
        };
        DcModel {
            buses,
            lines: edges.iter().enumerate().map(line).collect(),
            injection: vec![0.0; buses],
            fixed: vec![(0, 0.0)],
            base_mva: 1.0,
        }
    }

    #[test]
    fn only_the_single_lines_of_a_tail_are_bridges() {
        let edges = [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 3), (4, 5)];
        let found = bridges(&network(6, &edges));
        assert_eq!(found, [false, false, false, true, false, false, true]);
    }

    #[test]
    fn removing_a_bridge_separates_components() {
        // The graph is pseudo-random with a fixed seed. Connected components are counted by
        // exhaustive search.
        let mut seed = 12345_u64;
        let mut draw = |n: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(seed >> 33).unwrap_or(0) % n
        };
        let edges: Vec<_> = (0..45).map(|_| (draw(40), draw(40))).filter(|(a, b)| a != b).collect();
        let components = |edges: &[(usize, usize)]| {
            let mut label: Vec<usize> = (0..40).collect();
            for _ in 0..40 {
                for &(a, b) in edges {
                    let low = label[a].min(label[b]);
                    (label[a], label[b]) = (low, low);
                }
            }
            (0..40).filter(|&i| label[i] == i).count()
        };
        let found = bridges(&network(40, &edges));
        for (i, &bridge) in found.iter().enumerate() {
            let mut rest = edges.clone();
            rest.remove(i);
            assert_eq!(bridge, components(&rest) > components(&edges), "line {i}");
        }
    }
}
