# Solves the European power network on two ranks: docker build -t petsc-rs . && docker run --rm
# petsc-rs
# Debian 12 with Rust and a C compiler; xtask installs all other software.
FROM rust:1-slim-bookworm

WORKDIR /petsc-rs
COPY . .
RUN cargo xtask setup \
    && cargo build --release --package workshop --bin powergrid \
    && rm -rf /var/lib/apt/lists/*

CMD ["cargo", "xtask", "demo"]
