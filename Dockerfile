# nnet on the official image of PostgreSQL.
#
#	docker build --build-arg PG_MAJOR=17 -t nnet .
#	docker run -e POSTGRES_PASSWORD=... nnet

ARG PG_MAJOR=17

FROM postgres:${PG_MAJOR} AS build
COPY . /usr/src/nnet
WORKDIR /usr/src/nnet
RUN scripts/install-deps.sh build && make -j"$(nproc)" && make install DESTDIR=/nnet

FROM postgres:${PG_MAJOR}
COPY scripts/install-deps.sh /tmp/
RUN /tmp/install-deps.sh run && rm -rf /tmp/install-deps.sh /var/lib/apt/lists/*
COPY --from=build /nnet/usr /usr
