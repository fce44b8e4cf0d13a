"""What all pages have around them: head, the form that chooses a share, the links at the end."""

from html import escape
from typing import NamedTuple

from bot.domain.tickers import Ticker, shown
from bot.wording.about import DISCLAIMER
from bot.wording.page.headings import NO_FORECAST

SHARES_OFFERED = 10
"""Shares of the allow-list that are offered beside the form."""

TAGLINE = "previsão de papéis da B3"
CHOOSE = "Escolher papel"
SEE = "Ver"
DOCS = "Documentação da API"
HOME = "Ver a previsão de hoje"
CHAT = "Conversar com o bot"

# A candle with its band, in the page's colours; in the page itself, so that nothing is fetched.
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Crect width='16' height='16' rx='3' fill='%230B5A9C'/%3E"
    "%3Cpath d='M3 10L8 7L13 3V12L8 9z' fill='%23C9DCEA'/%3E%3C/svg%3E"
)


class Frame(NamedTuple):
    """What stands around a page.

    Attributes:
        style: the style sheet, as it stands in the page.
        served: shares offered beside the form; empty for none.
        share: what the form shows; empty when no share was understood.
        chat: address of a chat with the bot; None when there is none to lead to.
        foot: one more line at the end, plain text.
    """

    style: str
    served: tuple[Ticker, ...] = ()
    share: str = ""
    chat: str | None = None
    foot: str = ""


def shell(title: str, main: str, frame: Frame) -> str:
    """A whole page; `title` is plain text, `main` HTML."""
    return (
        '<!doctype html>\n<html lang="pt-BR"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title>"
        f'<link rel="icon" href="{ICON}"><style>{frame.style}</style></head><body>'
        f"{_header(frame)}<main>{main}</main>{_footer(frame)}</body></html>\n"
    )


def unbroken(text: str) -> str:
    """Keep an amount and its sign on one line; the chat's numbers have ordinary spaces."""
    return text.replace("R$ ", "R$\N{NO-BREAK SPACE}").replace(" %", "\N{NO-BREAK SPACE}%")


def sorry(heading: str, sentence: str, frame: Frame) -> str:
    """A page in place of the one that was looked for; heading and sentence are plain text."""
    told = f"<h1>{escape(heading)}</h1><p>{escape(sentence)}</p>"
    # Who gets no forecast now is not sent to another one, which may well be the same.
    onward = "" if heading == NO_FORECAST else f'<p><a href="/">{HOME}</a></p>'
    main = f'<section class="sorry">{told}{onward}</section>'
    return shell(f"{heading} · Fechamento", main, frame)


def _header(frame: Frame) -> str:
    offered = "".join(
        f'<a href="/?papel={escape(shown(ticker))}">{escape(shown(ticker))}</a>'
        for ticker in frame.served[:SHARES_OFFERED]
    )
    links = f'<nav aria-label="Papéis">{offered}</nav>' if offered else ""
    return (
        f'<header><a class="brand" href="/">Fechamento <span>{TAGLINE}</span></a>'
        f'<form action="/" role="search" aria-label="{CHOOSE}">'
        '<label for="papel">Papel</label>'
        f'<input id="papel" name="papel" value="{escape(frame.share)}" placeholder="ITUB4" '
        'maxlength="20" size="8" autocomplete="off" autocapitalize="characters" '
        'spellcheck="false" enterkeyhint="go">'
        f"<button>{SEE}</button></form>{links}</header>"
    )


def _footer(frame: Frame) -> str:
    chat = f'<a href="{escape(frame.chat)}">{CHAT}</a>' if frame.chat else ""
    foot = f"<p>{escape(frame.foot)}</p>" if frame.foot else ""
    return (
        f'<footer><p class="disclaimer">{DISCLAIMER}</p>{foot}'
        f'<nav aria-label="Mais">{chat}<a href="/docs">{DOCS}</a></nav></footer>'
    )
