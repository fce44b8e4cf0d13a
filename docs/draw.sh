#!/bin/bash
# Draws docs/arquitetura.svg from docs/arquitetura.mmd; needs npm and a Chromium on the PATH.
# The hash of the text is left at the end of the picture, so that a test sees when it is out of date.
set -euo pipefail
cd "$(dirname "$0")"
settings=$(mktemp)
trap 'rm -f "$settings"' EXIT
# A browser that root starts refuses its own sandbox; it draws nothing but our text.
printf '{"executablePath": "%s", "args": ["--no-sandbox"]}' "$(command -v chromium)" > "$settings"
PUPPETEER_SKIP_DOWNLOAD=1 npx --yes --package @mermaid-js/mermaid-cli@11.17.0 mmdc --quiet \
  --input arquitetura.mmd --output arquitetura.svg --configFile arquitetura.json \
  --puppeteerConfigFile "$settings"
printf '<!-- sha256 of arquitetura.mmd: %s -->\n' "$(sha256sum < arquitetura.mmd | cut -d' ' -f1)" \
  >> arquitetura.svg
