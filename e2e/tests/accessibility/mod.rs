//! Who uses the page in another way, or in another language: the keyboard alone, the shortcuts of a meeting,
//! and English, 简体中文 and 繁體中文.

mod keyboard;
mod languages;
mod shortcuts;
