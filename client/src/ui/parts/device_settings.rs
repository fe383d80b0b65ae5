//! Choosing devices, and how they are used.

use web_sys::{Element, HtmlInputElement, HtmlSelectElement};
use yew::platform::spawn_local;
use yew::prelude::*;

use super::effect::{end_of, use_effect_on};
use super::form::alert;
use super::language_picker::language_picker;
use crate::browser::{DeviceInfo, DeviceList, DeviceWatch, Stage, ask_to_notify, can_blur};
use crate::ui::catalogue::Catalogue;
use crate::ui::context::page::use_page;
use crate::ui::context::settings::Settings;

#[derive(Properties, PartialEq)]
pub(crate) struct DeviceSettingsProps {
    /// Whether there is more to set than which devices are used.
    pub(crate) all: bool,
}

/// One thing to choose.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Camera,
    Microphone,
    Speaker,
    NoiseSuppression,
    EchoCancellation,
    AutomaticGain,
    BackgroundBlur,
    PushToTalk,
    Shortcuts,
    Sounds,
}

/// Lists the devices, shows what the microphone hears, and has a switch for what can be switched.
#[component]
pub(crate) fn DeviceSettings(props: &DeviceSettingsProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let settings = &page.settings;
    let list = use_state_eq(DeviceList::default);
    // Whether the next key is the one to talk by.
    let asking = use_state_eq(|| false);
    // Whether the browser doesn't allow notifications.
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
                    // Speech is seldom above a quarter of what the microphone could bear.
                    let percent = (level * 300.0).min(100.0) as u32;
                    let _ = meter.set_attribute("value", &percent.to_string());
                }
            });
            end_of((devices, level))
        });
    }

    let set = |field| {
        let settings = settings.clone();
        Callback::from(move |event: Event| {
            let mut new = (*settings).clone();
            field_of(&mut new, field, &event);
            settings.set(new);
        })
    };
    let choose = |field, label: &'static str, devices: &[DeviceInfo], chosen: &Option<String>| {
        select(label, devices, chosen.as_deref(), set(field), texts)
    };
    let switch = |field, label: &'static str, on: bool| {
        html! {
            <label class="switch">
                <input type="checkbox" checked={on} onchange={set(field)} />
                <span>{ label }</span>
            </label>
        }
    };
    let capture = &settings.capture;
    html! {
        <div class="device-settings">
            { choose(Field::Camera, texts.camera, &list.cameras, &capture.camera) }
            { choose(Field::Microphone, texts.microphone, &list.microphones, &capture.microphone) }
            <meter ref={meter} class="level" aria-label={texts.microphone_level} min="0" max="100" value="0" />
            if Stage::speaker_selectable() {
                { choose(Field::Speaker, texts.speaker, &list.speakers, &settings.speaker) }
            }
            if props.all {
                { switch(Field::NoiseSuppression, texts.noise_suppression, capture.noise_suppression) }
                { switch(Field::EchoCancellation, texts.echo_cancellation, capture.echo_cancellation) }
                { switch(Field::AutomaticGain, texts.automatic_gain, capture.auto_gain_control) }
                if can_blur() {
                    { switch(Field::BackgroundBlur, texts.background_blur, capture.background_blur) }
                }
                { switch(Field::PushToTalk, texts.push_to_talk, settings.push_to_talk) }
                if settings.push_to_talk {
                    { talk_key(settings, &asking, texts) }
                }
                { switch(Field::Shortcuts, texts.single_key_shortcuts, settings.shortcuts) }
                { switch(Field::Sounds, texts.sounds, settings.sounds) }
                { notifications(settings, &refused, texts) }
                { language_picker(&page) }
            }
        </div>
    }
}

/// The switch for notifications, which the browser has to allow.
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

/// Turns notifications on, if the user allows them when asked, or off. `refused` is told where they don't.
fn set_notifications(settings: &UseStateHandle<Settings>, on: bool, refused: &UseStateHandle<bool>) {
    let (settings, refused) = (settings.clone(), refused.clone());
    spawn_local(async move {
        let allowed = on && ask_to_notify().await;
        refused.set(on && !allowed);
        settings.set(Settings { notifications: allowed, ..(*settings).clone() });
    });
}

/// Changes what the element of `event` stands for.
fn field_of(settings: &mut Settings, field: Field, event: &Event) {
    let chosen = || {
        let id = event.target_unchecked_into::<HtmlSelectElement>().value();
        (!id.is_empty()).then_some(id)
    };
    let on = || event.target_unchecked_into::<HtmlInputElement>().checked();
    match field {
        Field::Camera => settings.capture.camera = chosen(),
        Field::Microphone => settings.capture.microphone = chosen(),
        Field::Speaker => settings.speaker = chosen(),
        Field::NoiseSuppression => settings.capture.noise_suppression = on(),
        Field::EchoCancellation => settings.capture.echo_cancellation = on(),
        Field::AutomaticGain => settings.capture.auto_gain_control = on(),
        Field::BackgroundBlur => settings.capture.background_blur = on(),
        Field::PushToTalk => settings.push_to_talk = on(),
        Field::Shortcuts => settings.shortcuts = on(),
        Field::Sounds => settings.sounds = on(),
    }
}

fn select(
    label: &'static str,
    devices: &[DeviceInfo],
    chosen: Option<&str>,
    onchange: Callback<Event>,
    texts: &Catalogue,
) -> Html {
    // Before a device was ever allowed, the browser tells neither its name nor how to ask for it.
    let known = devices.iter().filter(|device| !device.id.is_empty()).enumerate();
    let options = known.map(|(number, device)| {
        let name = match &*device.label {
            "" => texts.device_number(label, &(number + 1).to_string()).into_string(),
            name => name.to_owned(),
        };
        html! {
            <option key={&*device.id} value={device.id.clone()} selected={chosen == Some(&device.id)}>{ name }</option>
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

/// The button that asks for the key to talk by.
fn talk_key(settings: &UseStateHandle<Settings>, asking: &UseStateHandle<bool>, texts: &Catalogue) -> Html {
    let onclick = {
        let asking = asking.clone();
        Callback::from(move |_: MouseEvent| asking.set(true))
    };
    let onkeydown = {
        let (settings, asking) = (settings.clone(), asking.clone());
        Callback::from(move |event: KeyboardEvent| {
            let code = event.code();
            // Those lead away from here.
            if *asking && !matches!(&*code, "Escape" | "Tab" | "") {
                event.prevent_default();
                asking.set(false);
                settings.set(Settings { talk_key: code, ..(*settings).clone() });
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

/// What is written on a key (`KeyboardEvent.code`), as far as its code tells.
pub(crate) fn key_name(code: &str, texts: &Catalogue) -> String {
    match code {
        "Space" => texts.space_bar.to_owned(),
        code => code.strip_prefix("Key").or_else(|| code.strip_prefix("Digit")).unwrap_or(code).to_owned(),
    }
}
