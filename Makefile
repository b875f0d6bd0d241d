# 连心 Lianxin. A fresh machine needs git, make and Python >= 3.11; everything else is made here.

PORT ?= 8000
ARCH ?= arm64
# how many processes pytest may use
JOBS ?= 2
export PYTHON

bin := .venv/bin
step := infra/setup/step.sh
# SAM CLI: no account, no telemetry, no profile of the machine's; validation asks nobody.
sam := env -u AWS_PROFILE -u AWS_DEFAULT_PROFILE -u MAKEFLAGS -u MAKELEVEL AWS_DEFAULT_REGION=us-east-1 \
       AWS_ACCESS_KEY_ID=offline AWS_SECRET_ACCESS_KEY=offline AWS_EC2_METADATA_DISABLED=true \
       SAM_CLI_TELEMETRY=0 .venv-sam/bin/sam

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup setup-sam run test style imports types contracts template unit coverage fix package lock clean

help: ## 列出命令 · list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: ## 建立 .venv（只在有变化时）· make .venv, only when something changed
	@infra/setup/venv.sh .venv requirements/dev.lock --editable

setup-sam:
	@infra/setup/venv.sh .venv-sam requirements/sam.lock

run: setup ## 在本机运行整座城市 (PORT=8000) · run the whole city on this machine
	@exec $(bin)/lianxin local --port $(PORT)

test: setup setup-sam style imports contracts template types unit ## 全部检查 · every check

style: setup
	@$(step) 'ruff check' $(bin)/ruff check --quiet .
	@$(step) 'ruff format --check' $(bin)/ruff format --check --quiet .

imports: setup
	@$(step) 'import-linter' $(bin)/lint-imports --no-logo

contracts: setup
	@$(step) 'lianxin contracts --check' $(bin)/lianxin contracts --check
	@$(step) 'lianxin decisions --check' $(bin)/lianxin decisions --check

template: setup setup-sam
	@$(step) 'cfn-lint' $(bin)/cfn-lint template.yaml infra/units/unit-queue.yaml
	@$(step) 'sam validate' $(sam) validate --template-file template.yaml
	@$(step) 'sam validate --lint' $(sam) validate --lint --template-file template.yaml

types: setup
	@$(step) 'mypy --strict' $(bin)/mypy

unit: setup ## 只跑测试 (PYTEST='…') · the tests alone
	@$(step) 'pytest' $(bin)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(PYTEST)

coverage: setup ## 测试覆盖率 · the tests with their coverage
	@$(bin)/python -m pytest -n $(JOBS) --cov --cov-report=term:skip-covered $(PYTEST)

fix: setup ## 整理格式与导入 · format, and fix what can be fixed
	@$(bin)/ruff check --fix --quiet . ; $(bin)/ruff format .

package: setup setup-sam ## 打包可部署的函数与层 (ARCH=arm64|x86_64) · build what is deployed
	@LIANXIN_ARCH=$(ARCH) $(sam) build --parameter-overrides Architecture=$(ARCH)
	@$(bin)/python -m infra.package.layer sizes .aws-sam/build

# dev.lock is resolved for every Python and system, layer.lock from the same versions for Lambda alone.
compile := $(bin)/uv pip compile --quiet --generate-hashes --no-annotate --no-strip-extras \
           --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)
lock: setup ## 重写锁文件 (UPGRADE=1 升级) · write the locks again
	@$(compile) --universal --python-version 3.11 requirements/dev.in -o requirements/dev.lock
	@$(compile) --universal --python-version 3.11 requirements/sam.in -o requirements/sam.lock
	@$(compile) --python-version 3.13 --python-platform aarch64-manylinux_2_28 --only-binary :all: \
	  --constraints requirements/dev.lock --excludes requirements/layer.exclude \
	  requirements/run.in -o requirements/layer.lock
	@$(MAKE) --no-print-directory setup setup-sam

clean: ## 删除环境、构建与缓存 · remove environments, builds and caches
	@rm -rf .venv .venv-sam .aws-sam .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
