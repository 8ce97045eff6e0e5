//! Things, places, vehicles and experts to share (O3, E6).
