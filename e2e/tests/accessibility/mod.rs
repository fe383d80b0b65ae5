//! Other ways to use the page: by the keyboard alone, by the shortcuts of a meeting, and in English, 简体中文
//! and 繁體中文.

mod keyboard;
mod languages;
mod shortcuts;
