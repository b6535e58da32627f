# The two commands a newcomer needs: `make demo` and `make test`. Each does its own set-up.

SWIFT ?= swift
# Packets per second in the lab: a private network that nobody else uses.
LAB_RATE ?= 20000
# How long each parser is fuzzed.
SECONDS ?= 20
PACKAGES := packaging/build-packages.txt Tests/Lab/packages.txt
# What the tests judge by: tools that we did not write.
TEST_PACKAGES := Tests/Lab/packages-selftest.txt Tests/EndToEndTests/packages.txt Tests/Monitoring/packages.txt

.PHONY: demo test test-system test-web lint build deb test-deb setup bench soak soak-daemon fuzz clean help

help:
	@echo 'make demo   install what is needed, build, audit an illustrative city in a private lab'
	@echo 'make test   install what is needed, check the format, run all tests'
	@echo 'make test-system  boot a real systemd with the package in it: see Tests/System'
	@echo 'make test-web  the web port before promtool, Prometheus, an OpenAPI validator and schemathesis'
	@echo 'make fuzz   SECONDS (20) of coverage-guided fuzzing for each parser of bytes that others wrote'
	@echo 'make soak   100,000 simulated networks of each kind; every network of conditions 20 times; 10,000 crashes of the store'
	@echo 'make soak-daemon  three hours of the daemon, two of them among hostile clients on a hostile network: see Tests/Soak'
	@echo 'make bench  measure an audit, an export, the web port and sweeps beside their peers'
	@echo 'make build  the program alone, in .build/release/v6audit'
	@echo 'make deb    the Debian package, in .build/deb'
	@echo 'make test-deb  check the package: units, man pages; install, upgrade, remove and purge it in a clean tree'

setup:
	@packaging/install-packages $(PACKAGES)

# One file that needs no Swift where it is installed. Linked without what nobody calls, and with packed relocations,
# it touches two thirds of the memory when it starts. What it calls of other libraries is bound at once, and its table
# is read-only from then on. Of its own it offers other libraries one thing, `socket` (Sources/CLinux/Broker.c): the
# names of 50,000 more, which the toolchain exports, would take 5 MB that every start reads.
RELEASE := -c release --static-swift-stdlib -Xswiftc -use-ld=lld -Xlinker --gc-sections -Xlinker --icf=safe \
	-Xlinker --exclude-libs=ALL -Xlinker -z -Xlinker pack-relative-relocs -Xlinker -z -Xlinker now \
	-Xlinker --no-export-dynamic -Xlinker --export-dynamic-symbol=socket

build: setup
	$(SWIFT) build $(RELEASE) --product v6audit

DEB = .build/deb/v6audit_$$(dpkg-parsechangelog -l packaging/debian/changelog -S Version)_$$(dpkg \
	--print-architecture).deb

deb: build
	@packaging/install-packages packaging/deb-packages.txt
	@packaging/build-deb .build/release/v6audit .build/deb
	@lintian --fail-on error,warning --allow-root $(DEB)

test-deb: deb
	@packaging/install-packages packaging/deb-test-packages.txt Tests/Lab/packages.txt
	packaging/test-man .build/release/v6audit
	packaging/test-units .build/release/v6audit
	packaging/test-deb $(DEB) .build/test-deb

demo: build
	@packaging/demo .build/release/v6audit demo-output $(LAB_RATE)

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

test: setup lint
	@packaging/install-packages $(TEST_PACKAGES)
	Tests/Monitoring/run
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --skip "PacketIOTests|ServicesTests|DashboardTests|^DaemonTests|EndToEndTests"
	$(SWIFT) test --skip-build --filter PacketIOTests
	# One at a time: these judge the time a server takes, or take thousands of turns, and the tests that compute would
	# take it from the others.
	$(SWIFT) test --skip-build --filter "ServicesTests|DashboardTests|^DaemonTests" --no-parallel
	Tests/Lab/selftest
	$(SWIFT) test --skip-build --filter EndToEndTests

# As root: a machine of its own under systemd-nspawn. PREVIOUS=FILE.deb is the package to upgrade from.
test-system: deb
	@packaging/install-packages Tests/System/packages.txt Tests/Lab/packages.txt
	Tests/System/run $(DEB) $(if $(PREVIOUS),--previous $(PREVIOUS)) --record

# Two of the judges come from the Python package index: not a part of `make test`, which asks Debian alone.
test-web: setup
	@packaging/install-packages Tests/Dashboard/packages.txt
	$(SWIFT) build --product dashboard-testtool
	Tests/Dashboard/run .build/debug/dashboard-testtool

# Ten times the simulated networks that `make test` runs; every network of conditions 20 times, half of them with loss;
# twenty times the points at which the store's disk fails.
soak: setup
	@packaging/install-packages $(TEST_PACKAGES)
	V6AUDIT_SEEDS=100000 $(SWIFT) test --filter 'ProbingTests.*SimulationTests'
	V6AUDIT_RUNS=20 $(SWIFT) test --filter ConditionsTests
	V6AUDIT_CRASH_POINTS=10000 $(SWIFT) test --filter 'StoreTests.*CrashTests'

# An hour at 1,000 hosts as it comes, in peace and among enemies; an hour at 10,000 that holds the rounds of a day.
soak-daemon: build
	@packaging/install-packages Benchmarks/packages-audit.txt Benchmarks/packages-sweep.txt
	Tests/Soak/run .build/release/v6audit --hosts 1000 --minutes 60 --peace
	Tests/Soak/run .build/release/v6audit --hosts 1000 --minutes 60
	Tests/Soak/run .build/release/v6audit --hosts 10000 --minutes 60 --speed 24 --rate 200000

# An optimised build of its own, with libFuzzer's instrumentation in our code only.
fuzz: setup
	V6AUDIT_FUZZ=1 $(SWIFT) build -c release --scratch-path .build-fuzz --product v6audit-fuzz
	@Tests/Fuzz/run .build-fuzz/release/v6audit-fuzz $(SECONDS)

bench: build
	@Benchmarks/run .build/release/v6audit
	@Benchmarks/run-audit .build/release/v6audit
	$(SWIFT) build $(RELEASE) --product dashboard-testtool
	@Benchmarks/run-dashboard .build/release/dashboard-testtool
	@Benchmarks/run-sweep .build/release/v6audit
	@Benchmarks/run-discovery .build/release/v6audit

clean:
	rm -rf .build .build-fuzz demo-output
