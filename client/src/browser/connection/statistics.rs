//! What a connection is doing (W3C WebRTC Statistics).

/// What one connection was doing during the last second.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Statistics {
    /// Whether a TURN server relays; `None` while there is no path.
    pub relayed: Option<bool>,
    pub round_trip_ms: Option<f64>,
    /// The part of the incoming packets that was lost, 0.0 to 1.0.
    pub lost_in: Option<f64>,
    /// The part of the outgoing packets that was lost, 0.0 to 1.0.
    pub lost_out: Option<f64>,
    /// Bits a second of the whole connection.
    pub bits_in: Option<f64>,
    pub bits_out: Option<f64>,
    /// The incoming pictures: the camera's, then the screen's.
    pub pictures_in: [Option<Picture>; 2],
    /// The outgoing pictures: the camera's, then the screen's.
    pub pictures_out: [Option<Picture>; 2],
}

/// A flow of pictures. Width and height are in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub per_second: f64,
}
