GREETING = "hello from uv-workspace"
