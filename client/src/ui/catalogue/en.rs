//! English.

use super::Catalogue;

pub(super) const TEXTS: Catalogue = Catalogue {
    language: "Language",
    tagline: "Two cans and a string, between two browsers.",
    you: "You",
    dismiss: "Dismiss",

    no_webrtc_title: "This browser can’t make calls",
    no_webrtc_advice: "It has no WebRTC, or WebRTC is switched off. Open this page in a current Firefox, Chrome, \
        Edge or Safari, or turn WebRTC on in the settings or in the extension that blocks it.",
    not_secure_title: "Camera and microphone won’t work at this address",
    not_secure_advice: "Browsers only allow them on addresses that begin with https:// or with \
        http://localhost. Text chat works here. For voice and video, ask whoever runs this server for its \
        https:// address.",

    start_intro: "Text, talk and see each other, straight from browser to browser. Nothing is stored, \
        and nobody sits in between.",
    your_name: "Your name",
    your_name_hint: "Others call you by this name while this page is open.",
    sign_in: "Sign in",
    signing_in: "Signing in…",
    refused_in_use: "Somebody here already uses the name {name}. Choose another one.",
    refused_empty: "Type the name that others should call you by.",
    refused_too_long: "That name is too long. Choose one of at most {max} characters.",
    refused_control_character: "That name holds invisible characters. Type it anew instead of pasting it.",
    refused_server_full: "This server is full at the moment. Try again in a few minutes.",
    refused_other: "The server refused this name. Try another one, or reload the page.",

    server_unreachable: "The server can’t be reached. Trying again… Check your network in the meantime.",
    server_lost: "Connection to the server lost. Trying again… A call that is running goes on.",

    signed_in_as: "Signed in as {name}",
    sign_out: "Sign out",
    call_heading: "Who do you want to reach?",
    call_hint: "Ask them to open this same address and sign in, then type their name as they did.",
    name_to_call: "Name to call",
    name_to_call_missing: "Type the name of the person you want to reach.",
    text_chat: "Text chat",
    voice_call: "Voice call",
    video_call: "Video call",
    last_conversation: "Your last conversation",
    last_conversation_note: "Kept nowhere but in this page, until you close it or begin the next call.",

    preparing: "Getting ready to call {name}…",
    calling: "Calling {name}…",
    ringing: "Ringing. Waiting for {name} to answer…",
    cancel: "Cancel",
    incoming_call: "Incoming call from {name}",
    incoming_text: "They would like to chat by text. Your camera and microphone stay off.",
    incoming_voice: "It is a voice call. Accepting turns your microphone on.",
    incoming_video: "It is a video call. Accepting turns your camera and microphone on.",
    is_calling: "{name} is calling",
    accept: "Accept",
    accept_without_camera: "Accept without camera",
    decline: "Decline",

    call_with: "Call with {name}",
    hang_up: "Hang up",
    connecting: "Connecting to {name}…",
    connected: "Connected",
    reconnecting: "The line to {name} is interrupted. Mending it…",
    mute_microphone: "Mute microphone",
    unmute_microphone: "Unmute microphone",
    turn_camera_on: "Turn camera on",
    turn_camera_off: "Turn camera off",
    call_controls: "Call controls",
    peer_muted: "{name} is muted",

    conversation: "Conversation",
    conversation_empty: "Nothing written yet. What you write goes straight to {name}.",
    message: "Message",
    message_hint: "Write to {name}",
    send: "Send",
    line_too_long: "This is too long to send at once: the limit is 64 KiB. Shorten it, or send it in parts.",
    sending: "Sending…",
    delivered: "Delivered",
    not_delivered: "Not delivered",

    microphone_starting: "Turning the microphone on. Your browser may be asking for permission.",
    microphone_denied: "The microphone isn’t allowed. Click the camera or microphone icon in the address bar and \
        allow it, check your system’s privacy settings, then unmute again.",
    microphone_not_found: "No microphone was found. Plug one in, then unmute again.",
    microphone_in_use: "Another program is using the microphone. Close it, then unmute again.",
    microphone_lost: "The microphone was disconnected. Plug it in, then unmute again.",
    microphone_failed: "The microphone couldn’t be started. Unmute to try again, or restart the browser.",
    microphone_not_secure: "The microphone can’t be used at this address. Open this page by https:// or from \
        http://localhost.",
    camera_starting: "Turning the camera on. Your browser may be asking for permission.",
    camera_denied: "The camera isn’t allowed. Click the camera icon in the address bar and allow it, check your \
        system’s privacy settings, then turn it on again.",
    camera_not_found: "No camera was found. Plug one in, then turn it on again.",
    camera_in_use: "Another program is using the camera. Close it, then turn the camera on again.",
    camera_lost: "The camera was disconnected. Plug it in, then turn it on again.",
    camera_failed: "The camera couldn’t be started. Turn it on to try again, or restart the browser.",
    camera_not_secure: "The camera can’t be used at this address. Open this page by https:// or from \
        http://localhost.",

    ended_declined: "{name} declined the call. Try again later, or begin with a text chat.",
    ended_declined_by_me: "You declined the call from {name}. You can call back whenever you like.",
    ended_busy: "{name} is busy in another call. Try again in a few minutes.",
    ended_no_answer: "{name} did not answer. They may be away from the screen: try again later.",
    ended_missed: "You missed a call from {name}. You can call back now.",
    ended_unavailable: "{name} is not here. Check the spelling; they may also be offline.",
    ended_yourself: "That is your own name. Type the name of the person you want to reach.",
    ended_cancelled: "{name} cancelled the call before you answered. You can call back now.",
    ended_cancelled_by_me: "You cancelled the call to {name}.",
    ended_hung_up: "{name} hung up.",
    ended_hung_up_by_me: "You hung up. The call with {name} is over.",
    ended_peer_lost: "{name} closed the page or lost the connection. Try again when they are back.",
    ended_server_lost: "The call with {name} ended: connection lost. This page can’t reach the server; check your \
        network.",
    ended_offline: "{name} was not called: this page is not connected to the server just now. It is trying again; call once the note about the connection is gone.",
    ended_no_connection: "No connection: the two browsers found no way to each other, so {name} could not be \
        reached. Try another network, or ask whoever runs this server about a TURN relay.",
    ended_connection_lost: "The call with {name} ended: connection lost. Check your network and call again.",
};
