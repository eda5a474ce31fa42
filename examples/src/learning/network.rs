//! Dense layers with tanh activations: loss, gradient, and products with the Hessian.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, ArrayViewMut2, Axis, Zip};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng as _;

use super::layers::{activate, add_all_rows, add_rows, logistic, one_input, one_output, slope};
use super::table::normal;

/// The interpretation of the last layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// One output; the logistic function gives the probability of class 1.
    Sigmoid,
    /// One output for each class; softmax gives the probabilities.
    Softmax,
}

/// The sizes of the layers, starting with the features.
#[derive(Clone, Debug)]
pub struct Network {
    sizes: Vec<usize>,
    output: Output,
}

/// One layer of the packed parameters.
#[derive(Clone, Copy)]
struct Layer<'a> {
    weights: ArrayView2<'a, f64>,
    biases: ArrayView1<'a, f64>,
}

impl Layer<'_> {
    /// Computes the activations of this layer; for the last layer, before its activation function.
    fn forward(&self, before: ArrayView2<'_, f64>, z: &mut [f64], last: bool) {
        let outputs = self.biases.len();
        if let (true, 1, Some(a), Some(w)) =
            (last, outputs, before.as_slice(), self.weights.as_slice())
        {
            return one_output(a, w, self.biases[0], z);
        }
        let mut product = by_rows_mut(z, outputs);
        general_mat_mul(1.0, &before, &self.weights, 0.0, &mut product);
        if last {
            product += &self.biases;
        } else if let Some(biases) = self.biases.as_slice() {
            activate(z, biases);
        }
    }

    /// Computes the derivatives with respect to the previous layer, with activations `a`, from
    /// those of this layer.
    fn backward(&self, delta: &[f64], a: &[f64], below: &mut [f64]) {
        let (inputs, outputs) = self.weights.dim();
        if let (1, Some(weights)) = (outputs, self.weights.as_slice()) {
            return one_input(delta, weights, a, below);
        }
        let mut product = by_rows_mut(below, inputs);
        general_mat_mul(1.0, &by_rows(delta, outputs), &self.weights.t(), 0.0, &mut product);
        slope(below, a);
    }
}

/// Returns a view of the numbers as a matrix with this number of columns.
fn by_rows(values: &[f64], columns: usize) -> ArrayView2<'_, f64> {
    // The length is the product of the dimensions.
    ArrayView2::from_shape((values.len() / columns, columns), values)
        .unwrap_or_else(|_| unreachable!())
}

/// Returns a mutable view of the numbers as a matrix.
fn by_rows_mut(values: &mut [f64], columns: usize) -> ArrayViewMut2<'_, f64> {
    // The length is the product of the dimensions.
    ArrayViewMut2::from_shape((values.len() / columns, columns), values)
        .unwrap_or_else(|_| unreachable!())
}

/// Memory for activations and derivatives of a block of rows, which is reused.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    activations: Vec<Vec<f64>>,
    delta: Vec<f64>,
    below: Vec<f64>,
}

impl Workspace {
    /// Resizes the memory for these layers and this number of rows.
    fn fit(&mut self, sizes: &[usize], rows: usize) {
        self.activations.resize(sizes.len() - 1, Vec::new());
        for (a, n) in self.activations.iter_mut().zip(&sizes[1..]) {
            a.resize(rows * n, 0.0);
        }
    }
}

impl Network {
    /// Creates a network with hidden layers of these sizes. For two classes, the last layer has one
    /// output; for more classes, it has one output for each class. Without hidden layers, the
    /// network is a logistic regression.
    #[must_use]
    pub fn new(features: usize, hidden: &[usize], classes: usize) -> Self {
        let output = if classes > 2 { Output::Softmax } else { Output::Sigmoid };
        let last = if classes > 2 { classes } else { 1 };
        let sizes = std::iter::once(features).chain(hidden.iter().copied()).chain([last]).collect();
        Self { sizes, output }
    }

    /// Returns the number of parameters: for each layer the weights, stored by rows, then the
    /// biases.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.sizes.windows(2).map(|w| w[0] * w[1] + w[1]).sum()
    }

    /// Returns the interpretation of the last layer.
    #[must_use]
    pub fn output(&self) -> Output {
        self.output
    }

    /// Returns the sizes of the layers.
    #[must_use]
    pub fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    /// Returns small random weights, the same on all ranks, and biases 0.
    #[must_use]
    pub fn start(&self, seed: u64) -> Vec<f64> {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut theta = Vec::with_capacity(self.parameters());
        for w in self.sizes.windows(2) {
            let scale = (1.0 / w[0] as f64).sqrt();
            theta.extend((0..w[0] * w[1]).map(|_| scale * normal(&mut random)));
            theta.extend((0..w[1]).map(|_| 0.0));
        }
        theta
    }

    /// Returns whether parameter `i` is a weight and not a bias: biases are not regularized.
    pub fn is_weight(&self) -> impl Iterator<Item = bool> + '_ {
        self.sizes.windows(2).flat_map(|w| {
            std::iter::repeat_n(true, w[0] * w[1]).chain(std::iter::repeat_n(false, w[1]))
        })
    }

    fn layers<'a>(&self, theta: &'a [f64]) -> Vec<Layer<'a>> {
        let mut rest = theta;
        self.sizes
            .windows(2)
            .map(|w| {
                let (weights, after) = rest.split_at(w[0] * w[1]);
                let (biases, after) = after.split_at(w[1]);
                rest = after;
                Layer {
                    // The length is the product of the dimensions.
                    weights: ArrayView2::from_shape((w[0], w[1]), weights)
                        .unwrap_or_else(|_| unreachable!()),
                    biases: ArrayView1::from(biases),
                }
            })
            .collect()
    }

    /// Computes the activations of all layers; those of the last layer before its activation
    /// function.
    fn forward(&self, layers: &[Layer<'_>], x: ArrayView2<'_, f64>) -> Vec<Array2<f64>> {
        let mut all: Vec<Array2<f64>> = Vec::with_capacity(layers.len());
        for (l, layer) in layers.iter().enumerate() {
            let mut z = Array2::zeros((x.nrows(), layer.biases.len()));
            let before = all.last().map_or(x, |a| a.view());
            // A new array is stored by rows.
            layer.forward(before, z.as_slice_mut().unwrap_or(&mut []), l + 1 == layers.len());
            all.push(z);
        }
        all
    }

    /// Returns the sum of the losses of the rows, and overwrites the last layer with its
    /// derivative.
    fn loss(&self, z: &mut [f64], classes: &[usize]) -> f64 {
        if self.output == Output::Sigmoid {
            return logistic(z, classes);
        }
        let mut loss = 0.0;
        let width = self.sizes.last().copied().unwrap_or(1);
        for (row, &class) in z.chunks_exact_mut(width).zip(classes) {
            let top = row.iter().fold(f64::NEG_INFINITY, |m, &v| m.max(v));
            let right = row[class] - top;
            row.iter_mut().for_each(|v| *v = (*v - top).exp());
            let sum: f64 = row.iter().sum();
            loss += sum.ln() - right;
            row.iter_mut().for_each(|v| *v /= sum);
            row[class] -= 1.0;
        }
        loss
    }

    /// Adds the gradient of the loss of these rows to `gradient`, and returns the loss.
    pub fn add_gradient(
        &self,
        theta: &[f64],
        x: ArrayView2<'_, f64>,
        classes: &[usize],
        gradient: &mut [f64],
        work: &mut Workspace,
    ) -> f64 {
        let (layers, rows) = (self.layers(theta), x.nrows());
        let x = x.as_standard_layout();
        work.fit(&self.sizes, rows);
        let Workspace { activations, delta, below } = work;
        for (l, layer) in layers.iter().enumerate() {
            let (done, rest) = activations.split_at_mut(l);
            let before = match done.last() {
                None => x.view(),
                Some(a) => by_rows(a, layer.weights.nrows()),
            };
            layer.forward(before, &mut rest[0], l + 1 == layers.len());
        }
        let Some(last) = activations.last() else {
            return 0.0;
        };
        delta.clear();
        delta.extend_from_slice(last);
        let loss = self.loss(delta, classes);
        let mut end = gradient.len();
        for (l, layer) in layers.iter().enumerate().rev() {
            let (inputs, outputs) = layer.weights.dim();
            let before = match l {
                0 => x.as_slice().unwrap_or(&[]),
                _ => &activations[l - 1][..],
            };
            let (rest, biases) = gradient[..end].split_at_mut(end - outputs);
            let start = rest.len() - inputs * outputs;
            let weights = &mut rest[start..];
            end = start;
            add_all_rows(delta, biases);
            if outputs == 1 {
                add_rows(delta, before, weights);
            } else {
                let mut weights = by_rows_mut(weights, outputs);
                let (before, delta) = (by_rows(before, inputs), by_rows(delta, outputs));
                general_mat_mul(1.0, &before.t(), &delta, 1.0, &mut weights);
            }
            if l > 0 {
                below.resize(rows * inputs, 0.0);
                layer.backward(delta, before, below);
                std::mem::swap(delta, below);
            }
        }
        loss
    }

    /// Adds the product of `v` and the Hessian of the loss of these rows to `product`: the exact
    /// derivative of the gradient in the direction `v` (the R-operator).
    pub fn add_hessian_product(
        &self,
        theta: &[f64],
        v: &[f64],
        x: ArrayView2<'_, f64>,
        classes: &[usize],
        product: &mut [f64],
    ) {
        let (layers, along) = (self.layers(theta), self.layers(v));
        let mut a = self.forward(&layers, x);
        // The derivatives of the activations in the direction `v`.
        let mut ra: Vec<Array2<f64>> = Vec::with_capacity(layers.len());
        for l in 0..layers.len() {
            let mut rz = match l {
                0 => x.dot(&along[0].weights),
                _ => ra[l - 1].dot(&layers[l].weights) + a[l - 1].dot(&along[l].weights),
            };
            rz += &along[l].biases;
            if l + 1 < layers.len() {
                rz.zip_mut_with(&a[l], |r, a| *r *= 1.0 - a * a);
            }
            ra.push(rz);
        }
        let (Some(mut delta), Some(mut rdelta)) = (a.pop(), ra.pop()) else {
            return;
        };
        if let Some(delta) = delta.as_slice_mut() {
            self.loss(delta, classes);
        }
        self.curve_output(&delta, &mut rdelta, classes);
        let mut end = product.len();
        for l in (0..layers.len()).rev() {
            let before = if l == 0 { x } else { a[l - 1].view() };
            let mut weights = before.t().dot(&rdelta);
            if l > 0 {
                weights += &ra[l - 1].t().dot(&delta);
            }
            end = add_layer(product, end, &weights, &rdelta.sum_axis(Axis(0)));
            if l > 0 {
                let mut below = delta.dot(&layers[l].weights.t());
                let mut rbelow =
                    rdelta.dot(&layers[l].weights.t()) + delta.dot(&along[l].weights.t());
                Zip::from(&mut rbelow).and(&mut below).and(&a[l - 1]).and(&ra[l - 1]).for_each(
                    |r, d, &a, &ra| {
                        let slope = 1.0 - a * a;
                        *r = *r * slope - 2.0 * a * ra * *d;
                        *d *= slope;
                    },
                );
                delta = below;
                rdelta = rbelow;
            }
        }
    }

    /// Computes, in place, the derivative of `delta`, the derivative with respect to the last
    /// layer, in the direction `r`.
    fn curve_output(&self, delta: &Array2<f64>, r: &mut Array2<f64>, classes: &[usize]) {
        for ((mut r, d), &class) in r.rows_mut().into_iter().zip(delta.rows()).zip(classes) {
            match self.output {
                Output::Sigmoid => {
                    let p = d[0] + class as f64;
                    r[0] *= p * (1.0 - p);
                }
                Output::Softmax => {
                    let mut p = d.to_owned();
                    p[class] += 1.0;
                    let mean = p.dot(&r);
                    r.zip_mut_with(&p, |r, p| *r = p * (*r - mean));
                }
            }
        }
    }

    /// Returns for each row the log odds of class 1. For more than two classes, these are the log
    /// odds of class 1 relative to class 0.
    #[must_use]
    pub fn log_odds(&self, theta: &[f64], x: ArrayView2<'_, f64>) -> Vec<f64> {
        let Some(z) = self.forward(&self.layers(theta), x).pop() else {
            return Vec::new();
        };
        z.rows()
            .into_iter()
            .map(|row| match self.output {
                Output::Sigmoid => row[0],
                Output::Softmax => row[1] - row[0],
            })
            .collect()
    }

    /// Returns the most probable class of each row.
    #[must_use]
    pub fn classify(&self, theta: &[f64], x: ArrayView2<'_, f64>) -> Vec<usize> {
        let Some(z) = self.forward(&self.layers(theta), x).pop() else {
            return Vec::new();
        };
        z.rows()
            .into_iter()
            .map(|row| match self.output {
                Output::Sigmoid => usize::from(row[0] > 0.0),
                Output::Softmax => {
                    row.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(k, _)| k)
                }
            })
            .collect()
    }
}

/// Adds a layer to `end`, and returns its start.
fn add_layer(to: &mut [f64], end: usize, weights: &Array2<f64>, biases: &Array1<f64>) -> usize {
    let middle = end - biases.len();
    let start = middle - weights.len();
    for (to, w) in to[start..middle].iter_mut().zip(weights) {
        *to += w;
    }
    for (to, b) in to[middle..end].iter_mut().zip(biases) {
        *to += b;
    }
    start
}
