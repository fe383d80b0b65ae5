//! What a connection is doing, read from its statistics (W3C WebRTC Statistics).

/// What one connection was doing during the last second.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Statistics {
    /// Through a TURN server; `None` while there is no path.
    pub relayed: Option<bool>,
    /// There and back, in milliseconds.
    pub round_trip_ms: Option<f64>,
    /// Part of the packets that came in which were lost, 0.0 to 1.0.
    pub lost_in: Option<f64>,
    /// Part of the packets that went out which were lost, 0.0 to 1.0.
    pub lost_out: Option<f64>,
    /// Bits a second that came in, of the whole connection.
    pub bits_in: Option<f64>,
    /// Bits a second that went out, of the whole connection.
    pub bits_out: Option<f64>,
    /// The pictures that come in: the camera's, then the screen's.
    pub pictures_in: [Option<Picture>; 2],
    /// The pictures that go out: the camera's, then the screen's.
    pub pictures_out: [Option<Picture>; 2],
}

/// Pictures that flow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Picture {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// How many a second.
    pub per_second: f64,
}
