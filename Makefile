.PHONY: demo test check fix bench requirements docs
demo: ; @./dev demo
test: ; @./dev test
check: ; @./dev check
fix: ; @./dev fix
bench: ; @./dev bench
requirements: ; @./dev requirements
docs: ; @./dev docs
