# Solves the European power network on two ranks, with the packages of Ubuntu:
# docker build -f ci/cluster/ubuntu.dockerfile -t petsc-rs-ubuntu . && docker run --rm petsc-rs-ubuntu
FROM ubuntu:24.04

ENV DEBIAN_FRONTEND=noninteractive RUSTUP_HOME=/opt/rustup CARGO_HOME=/opt/cargo
ENV PATH=/opt/cargo/bin:$PATH
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl gcc g++ libclang-dev pkg-config \
        petsc-dev libopenmpi-dev openmpi-bin \
    && curl -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /petsc-rs
COPY . .
RUN cargo build --release --package workshop --bin powergrid

CMD ["cargo", "xtask", "demo"]
