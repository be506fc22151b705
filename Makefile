# s3triage: one Makefile, non-recursive, files listed by hand. `make help` lists the targets.

VERSION  := 0.1.0
PREFIX   ?= /usr/local
DESTDIR  ?=
B        ?= build
CC       ?= cc
OPT      ?= -O2 -g
SAN      ?=
WARN     := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wpointer-arith \
            -Wwrite-strings -Wformat=2 -Wundef
WERROR   ?=
QUEUES   ?= $(foreach s,1 2 3 4 5 6,make:$s teams:$s)
# `make Q=` shows the whole commands.
Q        ?= @
PKGS     := ncursesw libcurl libcjson sqlite3 expat yaml-0.1 libpcre2-8 libdeflate zlib libarchive libssl libcrypto
CFLAGS   ?=

# What the compiler and the loader can do against a bug that is still in here; `make hardened` looks
# whether all of it arrived. Sanitizers watch better alone, and what is not optimised has no FORTIFY.
known = $(shell for flag in $(1); do echo 'int x;' | $(CC) -Werror $$flag -x c -c -o /dev/null - 2>/dev/null && echo $$flag; done)
ifeq ($(SAN),)
HARDEN   := -fPIE $(call known,-fstack-protector-strong -fstack-clash-protection -fcf-protection=full -mbranch-protection=standard)
HARDEN_LINK := -pie -Wl,-z,relro,-z,now,-z,noexecstack
ifeq ($(findstring -O0,$(OPT) $(CFLAGS)),)
HARDEN   += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
endif
endif

# The themes of the program are what is in themes/; one that is not named here comes behind these.
THEMES := terminal dark light contrast mono
THEMES += $(filter-out $(THEMES),$(patsubst themes/%.toml,%,$(sort $(wildcard themes/*.toml))))

empty :=
ALL_CFLAGS := -std=gnu17 -D_GNU_SOURCE -Iinclude -DS3TRIAGE_VERSION='"$(VERSION)"' \
              -D'S3TRIAGE_THEMES(X)=$(subst $(empty) $(empty),,${THEMES:%=X(%)})' $(WARN) $(WERROR) \
              $(OPT) $(HARDEN) $(SAN) -fno-common -pthread $(shell pkg-config --cflags $(PKGS) 2>/dev/null) $(CFLAGS)
ALL_LIBS   := $(SAN) $(HARDEN_LINK) -pthread $(LDFLAGS) $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lmd4c -lm

# ---- the rooms, lowest first; an include may only point to the same room or a lower one ---------

ROOMS := base builtin event detect book alert insight journal account export net scan remote desk view config app tui cli

BASE := base64 buf csv err file hash intern lines mem str table toml toml_date toml_number \
        toml_parse toml_scan toml_string toml_table toml_value utf8 utf8_fold utf8_table when wide
BUILTIN := builtin
EVENT := activity agent alert alert_actor alert_dest alert_traits call check cloudtrail \
         cloudtrail_fields cloudtrail_people doc ecs ecs_categories ecs_put finding identity in_force json json_lex json_print \
         json_scan json_write kind mend mapstring mapstring_parse ocsf replication replication_compare \
         replication_forged replication_known replication_original replication_other replication_owner \
         replication_rule replication_text shell table table_cell table_json table_names table_path \
         tame traits workflow
DETECT := eql_ast eql_bind eql_check eql_cidr eql_compile eql_constant eql_eval eql_explain \
          eql_fold eql_func eql_func_text eql_lex eql_literals eql_lucene eql_parse \
          eql_parse_expr eql_pattern eql_regex eql_tokens eql_value field kql kql_eval kql_lex \
          kql_parse lint lint_known rule rule_alert rule_compile rule_file rule_note rule_own \
          rule_read rule_subject rule_toml
BOOK := book book_csv book_json book_lines book_load book_row book_toml book_tree book_yaml
ALERT := content dest_rank fact facts filter ident selection signal spool store store_find \
         store_names store_row verdict
INSIGHT := checklist checklist_answer checklist_line checklist_read context context_near context_now context_places context_signs \
           context_time count deeds deeds_shown diff diff_alert diff_facts facet index near_miss precedent precedent_index signals \
           signals_first signals_look signals_text story story_chain story_read
JOURNAL := journal journal_append journal_chain journal_head journal_other journal_payload \
           journal_place journal_read journal_schema journal_sql journal_write merkle outbox \
           outbox_entry outbox_follow outbox_name outbox_route outbox_sql outbox_theirs seal \
           terms terms_check tick
ACCOUNT := accounts accounts_list accounts_pairs approval approval_doubts approval_people \
           approval_plan approval_usual \
           approval_words approvals habit_row habits outliers unusual
EXPORT := export export_context export_csv export_json export_markdown export_rows handoff \
          handoff_case handoff_clause handoff_commands handoff_exceptions \
          handoff_exceptions_read handoff_later handoff_list handoff_origin handoff_scope \
          handoff_stix handoff_stix_object handoff_tests handoff_words pivot pivot_shell quote
INSIGHT += checklist_window
EXPORT += export_deeds
NET := aws_settings cloud_id http http_auth http_call http_clock http_explain http_pin \
       http_route http_tls profile profile_url secret secret_aws secret_tls secret_unlock sigv4 \
       sshsig stamp write_target
SCAN := action bulk contain contain_keys contain_known contain_say contain_text dedup dialect dress emit envelope escapes feed \
        gunzip heads hits input input_file look magic multi_needle needle packed partial post prose queue turns \
        record record_ends related resync rows rows_text scan skip skipped split tell walk walker wide worker
REMOTE := answer ask asker aws aws_answer aws_xml doctor doctor_read live live_call live_eql \
          live_page live_search sender server write_alerts write_bulk write_call write_decisions \
          write_judge write_kibana write_kibana_send write_newer write_pull write_say write_send
DESK := act chain desk draft guide heads open outgoing place record seals take
VIEW := actor around bars canvas columns deed_text dialog fields frame guide input layout list listing \
        listing_layout load markdown pane plugins request request_dest screen steps text \
        text_draw text_layout workflow
CONFIG := action config key keymap theme
APP := app approval_edit approve approve_fill around base copy cursor decide decide_dialog draft \
	draw filter_bar form hasty help hints in_force layer line listing listing_approvals listing_around listing_deeds \
	listing_groups listing_proposals listing_steps listing_story marks menu messages others outlier_list painted pane preview \
	propose scroll shown steps undo why
TUI := again caps count_again feed heard io keys look pace paint sgr signals term tui wake work
CLI := around choices clusters env exceptions fail handoff help keys known load main \
       one_alert options output select session share sums verify_export verify_seal
CLI += did
# Which verbs there are stands in src/cli/verb.h alone.
CLI += $(patsubst src/cli/%.c,%,$(wildcard src/cli/verb_*.c))

SRC := $(foreach room,$(filter-out cli,$(ROOMS)),$($(shell echo $(room) | tr a-z A-Z):%=src/$(room)/%.c))
CLI_SRC := $(CLI:%=src/cli/%.c)
OBJ := $(SRC:%.c=$(B)/%.o)
CLI_OBJ := $(CLI_SRC:%.c=$(B)/%.o)
TEST_OBJ := $(patsubst %.c,$(B)/%.o,$(wildcard tests/*/*.c))

# What is embedded: src/builtin/builtin.c names them in .incbin lines.
EMBED := src/builtin/rule.toml src/builtin/demo.ndjson src/builtin/accounts.toml src/builtin/config.toml $(wildcard themes/*.toml)

# ---- unit tests: tests/unit/ROOM_MODULE.c, one program each ------------------------------------

UNIT := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*.c))

UNIT_BIN := $(UNIT:%=$(B)/tests/unit/%)

.PHONY: all
all: $(B)/s3triage ## build the program

$(B)/s3triage: $(CLI_OBJ) $(B)/libs3triage.a
	@echo '  LD $@'
	$(Q)$(CC) -o $@ $^ $(ALL_LIBS)

$(B)/libs3triage.a: $(OBJ)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

# A change of compiler or flags rebuilds everything.
FLAGS := $(CC) $(ALL_CFLAGS) $(ALL_LIBS)
ifneq ($(file <$(B)/flags),$(FLAGS))
.PHONY: $(B)/flags
endif
$(B)/flags:
	$(shell mkdir -p $(B))$(file >$@,$(FLAGS))@:

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	@echo '  CC $<'
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/src/builtin/builtin.o: $(EMBED)

# The console's tests put a journal in memory in the place of the one on disk: tests/unit/app_fake.h.
FAKED := journal_poll journal_walk journal_takes journal_ahead journal_in_place journal_knows \
         journal_rescue journal_decide journal_undo journal_redo \
         outbox_history journal_tick journal_approve journal_approval_end \
         journal_approval_automatic approval_apply desk_draft_keep desk_draft \
         desk_draft_old sender_choose sender_kick asker_ask
$(B)/tests/unit/app_%: WRAP := $(FAKED:%=-Wl,--wrap=%)

$(B)/tests/unit/%: $(B)/tests/unit/%.o $(B)/libs3triage.a
	@echo '  LD $@'
	$(Q)$(CC) -o $@ $^ $(WRAP) $(ALL_LIBS) -lcmocka

.SECONDARY:
.PHONY: unit
unit: $(UNIT_BIN) ## run the unit tests
	@tests/run-unit $(UNIT_BIN)

.PHONY: narrow
narrow: $(B)/tests/unit/export_handoff_narrow ## what is exported excludes no more than was approved: a million times
	@S3TRIAGE_EVALUATIONS=1000000 $<

.PHONY: queue
queue: all ## where planted attacks stand in the default order: several queues (QUEUES=)
	@python3 tests/queue/measure.py $(B)/s3triage --within 80 $(QUEUES)

.PHONY: golden-update
golden-update: $(UNIT_BIN) ## rewrite tests/golden from what is drawn now; read the difference
	@GOLDEN_UPDATE=1 tests/run-unit $(UNIT_BIN)

# ---- end to end: the program on a pseudo terminal -----------------------------------------------

TTY := harness use leave unsafe follow team
TTY_BIN := $(TTY:%=$(B)/tests/tty/%)
TTY_OBJ := $(patsubst %,$(B)/tests/tty/%.o,console term screen keys modes)

.PHONY: tty
tty: all $(TTY_BIN) $(B)/tests/http/stub ## run the end-to-end tests on a pseudo terminal
	@LABEL=tty S3TRIAGE=$(B)/s3triage STUB=$(B)/tests/http/stub tests/run-unit $(TTY_BIN)

$(B)/tests/tty/shot: $(patsubst %,$(B)/tests/tty/%.o,shot svg svg_box) $(filter-out %/console.o,$(TTY_OBJ)) $(B)/libs3triage.a
	@echo '  LD $@'
	$(Q)$(CC) -o $@ $^ $(ALL_LIBS) -lvterm -lutil

$(TTY_BIN): $(B)/tests/tty/%: $(B)/tests/tty/%.o $(TTY_OBJ) $(B)/libs3triage.a
	@echo '  LD $@'
	$(Q)$(CC) -o $@ $^ $(ALL_LIBS) -lcmocka -lvterm -lutil

# ---- reading clusters: a stub of their servers, with faults --------------------------------------

$(B)/tests/http/stub: $(B)/tests/http/stub.o $(B)/tests/http/stub_kibana.o $(B)/tests/http/stub_log.o $(B)/tests/http/stub_sigv4.o $(B)/tests/http/stub_made.o $(B)/libs3triage.a
	@echo '  LD $@'
	$(Q)$(CC) -o $@ $^ $(ALL_LIBS) -lmicrohttpd

$(B)/tests/http/front: $(B)/tests/http/front.o
	@echo '  LD $@'
	$(Q)$(CC) -o $@ $^ $(SAN) -pthread -lssl -lcrypto

.PHONY: http
http: $(B)/s3triage $(B)/tests/http/stub $(B)/tests/http/front ## clusters end to end, against a stub with faults
	@S3TRIAGE=$(CURDIR)/$(B)/s3triage STUB=$(CURDIR)/$(B)/tests/http/stub \
		FRONT=$(CURDIR)/$(B)/tests/http/front tests/http/run

.PHONY: check-servers
check-servers: $(B)/s3triage ## a real OpenSearch and Elasticsearch on loopback (see tests/servers/README.md)
	@S3TRIAGE=$(CURDIR)/$(B)/s3triage tests/servers/run

.PHONY: check-aws
check-aws: $(B)/s3triage ## the questions to AWS, against moto on loopback
	@tests/aws/run $(B)/s3triage

.PHONY: screenshots
screenshots: all $(B)/tests/tty/shot ## rewrite screenshots/ from the program itself
	@tests/tty/screenshots $(B)/tests/tty/shot $(B)/s3triage screenshots

.PHONY: toml-test
toml-test: $(B)/tests/toml/decoder ## the official TOML 1.0 suite (needs Go; skipped without)
	@tests/toml/run $< $(B)/toml-test

$(B)/tests/toml/decoder: $(B)/tests/toml/decoder.o $(B)/libs3triage.a
	@echo '  LD $@'
	$(Q)$(CC) -o $@ $^ $(ALL_LIBS)

$(B)/tests/bench/gen: $(B)/tests/bench/gen.o $(B)/libs3triage.a
	$(CC) -o $@ $^ $(ALL_LIBS) -lm

$(B)/tests/bench/limit: $(B)/tests/bench/limit.o $(B)/libs3triage.a
	$(Q)$(CC) -o $@ $^ $(ALL_LIBS)

.PHONY: bench
bench: all $(B)/tests/bench/gen $(B)/tests/bench/limit ## scans beside rg, grep, gzip ...: ratios (MB=, ROUNDS=)
	@GEN=$(B)/tests/bench/gen tests/bench/scan.sh $(B)/s3triage

$(B)/tests/bench/store: $(B)/tests/bench/store.o $(B)/libs3triage.a
	$(CC) -o $@ $^ $(ALL_LIBS)

.PHONY: bench-store
bench-store: $(B)/tests/bench/store ## how the store and the list grow with the number of alerts
	@$<

$(B)/tests/bench/console: $(B)/tests/bench/console.o $(B)/libs3triage.a
	$(CC) -o $@ $^ $(ALL_LIBS)

.PHONY: bench-console
bench-console: $(B)/tests/bench/console ## what a key costs with 100,000 alerts of 1,000 accounts
	@$<

# ---- faults: every call on a file goes wrong in turn --------------------------------------------

$(B)/tests/fault/shim.so: tests/fault/shim.c
	@mkdir -p $(@D)
	@echo '  LD $@'
	$(Q)$(CC) -std=gnu17 -D_GNU_SOURCE $(WARN) $(WERROR) -O1 -g -fPIC -shared -o $@ $<

.PHONY: fault
fault: $(B)/s3triage $(B)/tests/fault/shim.so $(B)/tests/http/stub ## what writes, while writes fail, disks are full, the process is killed, the power is cut
	@tests/fault/run $^

.PHONY: objects
objects: $(OBJ) $(CLI_OBJ) $(TEST_OBJ)

# What is compiled where nobody looks, by whichever compilers are here. Clang finds all it warns of
# without writing anything; gcc must optimise for it.
COMPILERS ?= $(notdir $(wildcard /usr/bin/gcc-1[2-9] /usr/bin/clang-1[4-9] /usr/bin/clang-2[0-9]))

.PHONY: warnings
warnings: ## every file by every gcc and clang that is here (COMPILERS=), a warning is an error
	@MAKE='$(MAKE)' tests/lint/warnings $(B)-warn $(COMPILERS)

.PHONY: rebuild
rebuild: objects all ## a header that changes compiles again whatever includes it; install builds nothing
	@MAKE='$(MAKE)' B='$(B)' tests/lint/rebuild

.PHONY: hardened
hardened: $(B)/s3triage ## what the program was built with against bugs: all of it must be in there
	@tests/lint/hardened $< '$(HARDEN)' $(CC)

.PHONY: lint
lint: objects ## rooms, who calls whom, style budget, banned functions, tables of files
	@tests/lint/run

.PHONY: tidy-readme
tidy-readme: ## rewrite the tables of files in src/*/README.md from the files' first sentences
	@sh tests/lint/readme.sh write

.PHONY: tidy
tidy: $(B)/flags ## clang-tidy over src (.clang-tidy); skipped where it is not installed
	@tests/lint/tidy $(SRC) $(CLI_SRC) -- $(filter -std=% -D% -I% -pthread,$(ALL_CFLAGS))

.PHONY: cover
cover: ## how many lines of each room the unit tests run (gcc, gcov)
	@$(MAKE) --no-print-directory -s -j2 B=$(B)-cov OPT='-O0 -g' CFLAGS=--coverage LDFLAGS=--coverage unit
	@tests/lint/cover $(B)-cov $(ROOMS)

.PHONY: dist
dist: ## what is committed as a tarball, the same bytes each time
	@mkdir -p $(B)
	@tests/lint/dist $(B)/s3triage-$(VERSION).tar.gz s3triage-$(VERSION)

.PHONY: demo
demo: ## install what is missing, build, open the console on sample events
	@.ci/deps build
	@$(MAKE) --no-print-directory -s -j2 all
	@mkdir -p $(B)/demo
	@XDG_STATE_HOME=$(CURDIR)/$(B)/demo $(B)/s3triage open --demo --journal $(B)/demo/journal.db

.PHONY: check-bare
check-bare: ## README's two commands on minimal Debian systems made for it (root, mmdebstrap; BARE=full)
	@tests/bare/run

# What `make check` runs, and what the continuous integration runs behind it.
CHECK := tty unit http cli
# By hand, for it takes a third as long as all the others: check-bare.
DEEP := lint hardened rebuild warnings fuzz san narrow toml-test random fault check-aws check-servers

# What is built before the lanes begin, so that no two build the same; what does not build fails in its target.
.PHONY: test-programs
test-programs: $(UNIT_BIN) $(TTY_BIN) $(B)/tests/http/stub $(B)/tests/http/front

.PHONY: check
check: ## install what is missing, build, run the tests
	@.ci/deps check
	@$(MAKE) --no-print-directory -s -j$$(nproc) all
	@$(MAKE) --no-print-directory -s -k -j$$(nproc) test-programs || true
	@MAKE='$(MAKE)' LANES=2 tests/check $(CHECK)

.PHONY: deep
deep: ## lint, hardening, a rebuild, all compilers, fuzzing, sanitizers, clauses, the TOML suite, random keys, faults, AWS, servers
	@.ci/deps deep
	@FUZZ_SECONDS=0 MAKE='$(MAKE)' tests/check $(DEEP)

.PHONY: random
random: $(B)/tests/unit/app_random ## random keys in the console, each decision held against the key that made it
	@S3TRIAGE_RANDOM=20 LABEL=random tests/run-unit $(B)/tests/unit/app_random

.PHONY: cli
cli: $(B)/s3triage ## run the tests of the command line
	@S3TRIAGE=$(CURDIR)/$(B)/s3triage tests/cli/run

.PHONY: san
san: ## the tests under address and undefined behaviour sanitizers, from unit to terminal
	@bad=0; for part in 'unit cli' 'http tty'; do \
		SANITIZED=1 $(MAKE) --no-print-directory -k -j2 B=$(B)-san OPT='-O1 -g' \
		SAN='-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer' $$part || bad=1; \
	done; exit $$bad

# ---- fuzzing: tests/fuzz/NAME.c, libFuzzer ------------------------------------------------------

FUZZ := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
FUZZ_SECONDS ?= 10

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZ_SECONDS (10; 0: the same 3,000 inputs each time)
	@$(MAKE) --no-print-directory -s -j2 B=$(B)-fuzz CC=clang OPT='-O1 -g' \
		SAN='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined' $(FUZZ:%=$(B)-fuzz/fuzz/%)
	@tests/fuzz/run $(FUZZ_SECONDS) $(FUZZ:%=$(B)-fuzz/fuzz/%)

$(B)/fuzz/%: tests/fuzz/%.c $(B)/libs3triage.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -MMD -MP -o $@ $< $(B)/libs3triage.a $(ALL_LIBS) -fsanitize=fuzzer

# ---- installing ---------------------------------------------------------------------------------

# Leaves nothing of root's in the build folder.
.PHONY: install
install: $(B)/s3triage ## install to DESTDIR and PREFIX (/usr/local)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions \
		$(DESTDIR)$(PREFIX)/share/zsh/site-functions \
		$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	install -m 755 $(B)/s3triage $(DESTDIR)$(PREFIX)/bin/s3triage
	$(B)/s3triage man > $(DESTDIR)$(PREFIX)/share/man/man1/s3triage.1
	$(B)/s3triage completion bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/s3triage
	$(B)/s3triage completion zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_s3triage
	$(B)/s3triage completion fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/s3triage.fish

.PHONY: uninstall
uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/s3triage $(DESTDIR)$(PREFIX)/share/man/man1/s3triage.1 \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/s3triage \
		$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_s3triage \
		$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/s3triage.fish

.PHONY: clean
clean: ## remove what was built
	rm -rf $(B) $(B)-san $(B)-fuzz $(B)-warn $(B)-cov

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' Makefile

# Whatever was compiled is compiled again when a header that it includes changes.
-include $(shell find $(B) -name '*.d' 2>/dev/null)
