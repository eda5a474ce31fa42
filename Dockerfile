# Solves the power grid of Europe on two ranks: docker build -t petsc-rs . && docker run --rm petsc-rs
# Debian 12 with Rust and a C compiler, and nothing else: what is missing is for xtask to install.
FROM rust:1-slim-bookworm

WORKDIR /petsc-rs
COPY . .
RUN cargo xtask setup \
    && cargo build --release --package workshop --bin powergrid \
    && rm -rf /var/lib/apt/lists/*

CMD ["cargo", "xtask", "demo"]
