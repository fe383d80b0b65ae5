//! The settings of devices, keys, sounds and language.

use web_sys::{Element, HtmlInputElement, HtmlSelectElement};
use yew::platform::spawn_local;
use yew::prelude::*;

use super::effect::{end_of, use_effect_on};
use super::form::alert;
use super::language_picker::language_picker;
use crate::browser::{DeviceInfo, DeviceList, DeviceWatch, MediaElements, ask_to_notify, can_blur};
use crate::ui::catalogue::Catalogue;
use crate::ui::context::page::use_page;
use crate::ui::context::settings::{Settings, choose};

#[derive(Properties, PartialEq)]
pub(crate) struct DeviceSettingsProps {
    /// Shows every setting; otherwise only which devices are used.
    pub(crate) all: bool,
}

/// Names one of the settings: what a control shows, and what it changes.
type Field<T> = fn(&mut Settings) -> &mut T;

/// Lists the devices, shows what the microphone hears, and has a switch for each thing that can be on or off.
#[component]
pub(crate) fn DeviceSettings(props: &DeviceSettingsProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let settings = &page.settings;
    let list = use_state_eq(DeviceList::default);
    // Whether the next key pressed becomes the one for push to talk.
    let asking = use_state_eq(|| false);
    // Whether the browser has refused notifications.
    let refused = use_state_eq(|| false);
    let meter = use_node_ref();
    {
        let list = list.setter();
        let monitor = page.handle.monitor().clone();
        let meter = meter.clone();
        use_effect_on((), move || {
            let devices = DeviceWatch::new(move |new| list.set(new));
            let level = monitor.watch_microphone(move |level| {
                if let Some(meter) = meter.cast::<Element>() {
                    // Speech is seldom louder than a quarter of what the microphone can record.
                    let percent = (level * 300.0).min(100.0) as u32;
                    let _ = meter.set_attribute("value", &percent.to_string());
                }
            });
            end_of((devices, level))
        });
    }

    let device = |label: &'static str, devices: &[DeviceInfo], field: Field<Option<String>>| {
        let onchange = on_change(settings, field, |event| {
            let id = event.target_unchecked_into::<HtmlSelectElement>().value();
            (!id.is_empty()).then_some(id)
        });
        select(label, devices, value(settings, field).as_deref(), onchange, texts)
    };
    let switch = |label: &'static str, field: Field<bool>| {
        let onchange =
            on_change(settings, field, |event| event.target_unchecked_into::<HtmlInputElement>().checked());
        html! {
            <label class="switch">
                <input type="checkbox" checked={value(settings, field)} {onchange} />
                <span>{ label }</span>
            </label>
        }
    };
    html! {
        <div class="device-settings">
            { device(texts.camera, &list.cameras, |it| &mut it.capture.camera.device_id) }
            { device(texts.microphone, &list.microphones, |it| &mut it.capture.microphone.device_id) }
            <meter ref={meter} class="level" aria-label={texts.microphone_level}
                min="0" max="100" value="0" />
            if MediaElements::speaker_selectable() {
                { device(texts.speaker, &list.speakers, |it| &mut it.speaker) }
            }
            { switch(texts.relay_only, |it| &mut it.relay_only) }
            if props.all {
                { switch(texts.noise_suppression, |it| &mut it.capture.microphone.noise_suppression) }
                { switch(texts.echo_cancellation, |it| &mut it.capture.microphone.echo_cancellation) }
                { switch(texts.automatic_gain, |it| &mut it.capture.microphone.auto_gain_control) }
                if can_blur() {
                    { switch(texts.background_blur, |it| &mut it.capture.camera.background_blur) }
                }
                { switch(texts.push_to_talk, |it| &mut it.push_to_talk) }
                if settings.push_to_talk {
                    { talk_key(settings, &asking, texts) }
                }
                { switch(texts.single_key_shortcuts, |it| &mut it.shortcuts) }
                { switch(texts.sounds, |it| &mut it.sounds) }
                { notifications(settings, &refused, texts) }
                { language_picker(&page) }
            }
        </div>
    }
}

/// Returns what a setting is now.
fn value<T: Clone>(settings: &Settings, field: Field<T>) -> T {
    field(&mut settings.clone()).clone()
}

/// Sets a setting to what `read` finds in the control that has changed.
fn on_change<T: 'static>(
    settings: &UseStateHandle<Settings>,
    field: Field<T>,
    read: fn(&Event) -> T,
) -> Callback<Event> {
    let settings = settings.clone();
    Callback::from(move |event: Event| {
        let mut new = (*settings).clone();
        *field(&mut new) = read(&event);
        choose(&settings, new);
    })
}

/// Draws the switch for notifications, which the browser has to allow.
fn notifications(
    settings: &UseStateHandle<Settings>,
    refused: &UseStateHandle<bool>,
    texts: &'static Catalogue,
) -> Html {
    let on = settings.notifications;
    let onchange = {
        let (settings, refused) = (settings.clone(), refused.clone());
        Callback::from(move |_: Event| set_notifications(&settings, !on, &refused))
    };
    html! {
        <>
            <label class="switch">
                <input type="checkbox" checked={on} {onchange} />
                <span>{ texts.notifications }</span>
            </label>
            { alert(refused.then(|| texts.notifications_refused.into())) }
        </>
    }
}

/// Turns notifications off, or on if the user allows them when asked. Sets `refused` if they don't.
fn set_notifications(settings: &UseStateHandle<Settings>, on: bool, refused: &UseStateHandle<bool>) {
    let (settings, refused) = (settings.clone(), refused.clone());
    spawn_local(async move {
        let allowed = on && ask_to_notify().await;
        refused.set(on && !allowed);
        choose(&settings, Settings { notifications: allowed, ..(*settings).clone() });
    });
}

fn select(
    label: &'static str,
    devices: &[DeviceInfo],
    chosen: Option<&str>,
    onchange: Callback<Event>,
    texts: &Catalogue,
) -> Html {
    // Until a device has been allowed once, the browser tells neither its name nor its id.
    let known = devices.iter().filter(|device| !device.id.is_empty()).enumerate();
    let options = known.map(|(number, device)| {
        let name = match &*device.label {
            "" => texts.device_number(label, &(number + 1).to_string()).into_string(),
            name => name.to_owned(),
        };
        html! {
            <option key={&*device.id} value={device.id.clone()} selected={chosen == Some(&device.id)}>
                { name }
            </option>
        }
    });
    html! {
        <label class="device-choice">
            <span class="form__label">{ label }</span>
            <select class="field" aria-label={label} {onchange}>
                <option value="" selected={chosen.is_none()}>{ texts.default_device }</option>
                { for options }
            </select>
        </label>
    }
}

/// Draws the button that asks for the key for push to talk.
fn talk_key(settings: &UseStateHandle<Settings>, asking: &UseStateHandle<bool>, texts: &Catalogue) -> Html {
    let onclick = {
        let asking = asking.clone();
        Callback::from(move |_: MouseEvent| asking.set(true))
    };
    let onkeydown = {
        let (settings, asking) = (settings.clone(), asking.clone());
        Callback::from(move |event: KeyboardEvent| {
            let code = event.code();
            // These keys close the dialog or move the focus.
            if *asking && !matches!(&*code, "Escape" | "Tab" | "") {
                event.prevent_default();
                asking.set(false);
                choose(&settings, Settings { talk_key: code, ..(*settings).clone() });
            }
        })
    };
    let onkeyup = Callback::from(move |event: KeyboardEvent| event.prevent_default());
    let words = if **asking {
        texts.press_a_key.to_owned()
    } else {
        texts.talk_key(&key_name(&settings.talk_key, texts)).into_string()
    };
    html! { <button type="button" class="button" {onclick} {onkeydown} {onkeyup}>{ words }</button> }
}

/// Returns what is written on a key, as far as its `KeyboardEvent.code` tells.
pub(crate) fn key_name(code: &str, texts: &Catalogue) -> String {
    match code {
        "Space" => texts.space_bar.to_owned(),
        code => code.strip_prefix("Key").or_else(|| code.strip_prefix("Digit")).unwrap_or(code).to_owned(),
    }
}
